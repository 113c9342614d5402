namespace Rig;

/// <summary>The programs of this build, in the configuration of the program that runs.</summary>
public static class Built
{
    public static string Program(string project)
    {
        // Each program has its own folder: artifacts/bin/PROJECT/release.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{project}.dll");
    }
}

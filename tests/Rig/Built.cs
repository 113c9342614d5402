namespace Rig;

/// <summary>The programs as they were built together with the one that runs, in the same configuration.</summary>
public static class Built
{
    public static string Program(string project)
    {
        // Each has a folder of its own: artifacts/bin/PROJECT/release.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{project}.dll");
    }
}

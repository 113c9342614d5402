namespace Rig;

/// <summary>The programs of this build, in the configuration of the program that runs.</summary>
public static class Built
{
    /// <summary>The folder of the checkout that this build was made from.</summary>
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    public static string Program(string project)
    {
        // Each program has its own folder: artifacts/bin/PROJECT/release.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{project}.dll");
    }

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "AuthPlatform.sln")) ? folder : RootAbove(Path.GetDirectoryName(folder)!);
}

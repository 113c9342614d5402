namespace Rig;

/// <summary>The programs of this build, in the configuration of the program that runs.</summary>
public static class Built
{
    /// <summary>The folder of the checkout that this build was made from.</summary>
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    /// <summary>
    /// AuthServer as it ships, with machine code from its first request on, where <c>./build.sh test</c> has published it: it starts in half of
    /// the time. Otherwise as it was built.
    /// </summary>
    public static string AuthServer { get; } = Environment.GetEnvironmentVariable("AUTHSERVER_SHIPPED") is { Length: > 0 } folder
        ? Path.Combine(folder, "AuthServer.dll")
        : Program("AuthServer");

    public static string Program(string project)
    {
        // Each program has its own folder: artifacts/bin/PROJECT/release.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{project}.dll");
    }

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "AuthPlatform.sln")) ? folder : RootAbove(Path.GetDirectoryName(folder)!);
}

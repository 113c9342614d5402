namespace House;

/// <summary>The paths of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    // Each program has a folder of its own: artifacts/bin/PROJECT/release.
    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static string OutputOf(string project) => Path.Combine(Root, "artifacts", "bin", project, Configuration);

    /// <summary>The output of the compiler's source generators.</summary>
    public static string ObjectsOf(string project) => Path.Combine(Root, "artifacts", "obj", project, Configuration);

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "AuthPlatform.sln")) ? folder : RootAbove(Path.GetDirectoryName(folder)!);
}

namespace AuthServer.DatabaseTests.Support;

/// <summary>The paths of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "AuthPlatform.sln")) ? folder : RootAbove(Path.GetDirectoryName(folder)!);
}

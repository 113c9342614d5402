namespace EndToEnd.Tests.Support;

/// <summary>The paths in the checkout from which the tests were built.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Snippets { get; } = Path.Combine(Root, "docs", "snippets");

    /// <summary>The program that was built together with these tests, in the same configuration.</summary>
    public static string Built(string project) =>
        Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            project,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            project + ".dll"));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "AuthPlatform.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}

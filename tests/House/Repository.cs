namespace House;

/// <summary>Where things lie in this repository.</summary>
public static class Repository
{
    public static IReadOnlyList<string> Projects { get; } = ["AuthServer", "ResourceApi", "SampleClient"];

    public static string Root { get; } = Find();

    /// <summary>What the compiler has written beside the program: artifacts/obj/PROJECT/release.</summary>
    public static string ObjectsOf(string project) =>
        Path.Combine(Root, "artifacts", "obj", project, new DirectoryInfo(AppContext.BaseDirectory).Name);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AuthPlatform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This program is not inside the repository.");
        }

        return folder.FullName;
    }
}

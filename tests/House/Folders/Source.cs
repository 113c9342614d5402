using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace House.Folders;

/// <summary>
/// A program of this repository as the compiler sees it: its C# files, and the code that Razor generates from its pages.
/// </summary>
internal sealed class Source
{
    private readonly string root;

    private Source(string root, CSharpCompilation compilation)
    {
        this.root = root;
        Compilation = compilation;
    }

    public CSharpCompilation Compilation { get; }

    /// <param name="project">The folder of a project at the top of the repository.</param>
    public static Source Of(string project)
    {
        var root = Path.Combine(Repository.Root, project);
        var trees = Files(root, project).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Text), Options, file.Name));
        return new Source(root, CSharpCompilation.Create(
            project,
            trees,
            References(project),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)));
    }

    private static CSharpParseOptions Options { get; } = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>The path of a file below the project's folder, with slashes: <c>Account/Login.cshtml</c>.</summary>
    public string NameOf(SyntaxTree tree) => Path.GetRelativePath(root, tree.FilePath).Replace('\\', '/');

    /// <summary>The folder at the top of the project that a file lies in; empty for a file beside them.</summary>
    public string FolderOf(SyntaxTree tree) => NameOf(tree).Split('/') is [var folder, _, ..] ? folder : "";

    private static IEnumerable<(string Name, string Text)> Files(string root, string project)
    {
        var objects = Repository.ObjectsOf(project);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !IsGenerated(file)))
        {
            yield return (file, file);
        }

        foreach (var page in Directory.EnumerateFiles(root, "*.cshtml", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, page);
            yield return (page, Path.Combine(objects, "generated", RazorGenerator, Path.ChangeExtension(path, null) + "_cshtml.g.cs"));
        }

        yield return (Path.Combine(root, "GlobalUsings.g.cs"), Path.Combine(objects, $"{project}.GlobalUsings.g.cs"));
    }

    // Entity Framework generates these files from the model. They are as long as all the others together.
    private static bool IsGenerated(string file) =>
        file.Contains("/Data/Migrations/", StringComparison.Ordinal) || file.Contains("/Data/Compiled/", StringComparison.Ordinal);

    private const string RazorGenerator =
        "Microsoft.CodeAnalysis.Razor.Compiler/Microsoft.NET.Sdk.Razor.SourceGenerators.RazorSourceGenerator";

    // The assemblies of the framework, and those of packages beside the program.
    private static IEnumerable<MetadataReference> References(string project) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !path.StartsWith(Repository.Root, StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.OutputOf(project), "*.dll")
                .Where(path => Path.GetFileNameWithoutExtension(path) != project))
            .DistinctBy(Path.GetFileName)
            .Select(path => MetadataReference.CreateFromFile(path));
}

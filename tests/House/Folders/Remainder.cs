using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Folders;

/// <summary>
/// A program without one of its folders, as after a reader has deleted that folder and what <c>Program.cs</c> says of it.
/// </summary>
internal static class Remainder
{
    /// <returns>
    /// The errors that the whole program does not have. It has some here, because the generator of logging methods does not run, and
    /// this process has other versions of some packages.
    /// </returns>
    public static IReadOnlyList<string> ErrorsWithout(string project, string folder)
    {
        var source = Source.Of(project);
        var trees = source.Compilation.SyntaxTrees;
        var program = trees.Single(tree => source.NameOf(tree) is "Program.cs");
        var compilation = source.Compilation
            .RemoveSyntaxTrees(trees.Where(tree => source.FolderOf(tree) == folder))
            .ReplaceSyntaxTree(program, Without(folder, program));
        return [.. Errors(compilation).Except(Errors(source.Compilation))];
    }

    private static IEnumerable<string> Errors(Compilation compilation) =>
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error)
            .Select(error => $"{error.Location.SourceTree?.FilePath}: {error.GetMessage(CultureInfo.InvariantCulture)}");

    private static SyntaxTree Without(string folder, SyntaxTree program)
    {
        var root = (CompilationUnitSyntax)program.GetRoot();
        SyntaxNode[] mentions =
        [
            .. root.Usings.Where(directive => directive.Name!.ToString().EndsWith($".{folder}", StringComparison.Ordinal)),
            .. root.Members.Where(statement => statement.ToString().Contains(folder, StringComparison.Ordinal)),
        ];
        return program.WithRootAndOptions(root.RemoveNodes(mentions, SyntaxRemoveOptions.KeepNoTrivia)!, program.Options);
    }
}

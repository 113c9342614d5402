using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace House.Folders;

/// <summary>A file of one folder that uses a type of another.</summary>
internal sealed record Arrow(string From, string To, string File, string Type);

/// <summary>
/// The dependencies between the folders of a program, by the types that their files use. <c>Data</c>, <c>CommandLine</c> and the
/// files beside the folders know every folder, and are left out.
/// </summary>
internal static class Arrows
{
    private static readonly string[] KnowEverybody = ["Data", "CommandLine", "Properties", ""];

    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Arrow>>> Read = new();

    /// <summary>Reads each program once per process, because this takes seconds.</summary>
    /// <param name="project">The folder of a project at the top of the repository.</param>
    public static IReadOnlyList<Arrow> Of(string project) => Read.GetOrAdd(project, name => new(() => Of(Source.Of(name)))).Value;

    private static IReadOnlyList<Arrow> Of(Source source)
    {
        var arrows = new HashSet<Arrow>();
        foreach (var tree in source.Compilation.SyntaxTrees)
        {
            var from = source.FolderOf(tree);
            if (KnowEverybody.Contains(from))
            {
                continue;
            }

            var model = source.Compilation.GetSemanticModel(tree, ignoreAccessibility: true);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                // A partial type belongs to the file of its first part. A type of a package has no file here.
                var info = model.GetSymbolInfo(name);
                if (TypeOf(info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { DeclaringSyntaxReferences: [var declared, ..] } type)
                {
                    arrows.Add(new(from, source.FolderOf(declared.SyntaxTree), source.NameOf(tree), type.Name));
                }
            }
        }

        return [.. arrows.Where(arrow => arrow.From != arrow.To && !KnowEverybody.Contains(arrow.To))
            .OrderBy(arrow => arrow.File, StringComparer.Ordinal).ThenBy(arrow => arrow.Type, StringComparer.Ordinal)];
    }

    private static INamedTypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type.OriginalDefinition,
        IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType?.OriginalDefinition,
        IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType?.OriginalDefinition,
        _ => null,
    };
}

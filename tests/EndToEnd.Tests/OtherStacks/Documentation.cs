using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>The code blocks in pages of <c>docs</c>. Tests take the code from there, so the pages show only tested code.</summary>
internal static class Documentation
{
    /// <param name="heading">The heading of a section.</param>
    /// <param name="language">The language of the block; the first one in the section is returned.</param>
    /// <param name="page">The file in <c>docs</c>.</param>
    public static string Block(string heading, string language, string page = "sign-in.md")
    {
        var section = After(File.ReadAllText(Path.Combine(Repository.Root, "docs", page)), $"\n## {heading}\n", page);
        var code = After(section, $"\n```{language}\n", page);
        return code[..(code.IndexOf("\n```", StringComparison.Ordinal) + 1)];
    }

    /// <summary>All blocks of this language in the page, each with the text since the block before.</summary>
    public static IReadOnlyList<(string Before, string Code)> Blocks(string name, string language)
    {
        var found = new List<(string, string)>();
        var left = File.ReadAllText(Path.Combine(Repository.Root, "docs", name));
        while (left.Split($"\n```{language}\n", 2) is [var before, var rest])
        {
            var end = rest.IndexOf("\n```", StringComparison.Ordinal) + 1;
            found.Add((before, rest[..end]));
            left = rest[end..];
        }

        return found;
    }

    private static string After(string text, string mark, string page)
    {
        var start = text.IndexOf(mark, StringComparison.Ordinal);
        return start >= 0
            ? text[(start + mark.Length)..]
            : throw new InvalidOperationException($"docs/{page} has no '{mark.Trim()}' where it is looked for.");
    }
}

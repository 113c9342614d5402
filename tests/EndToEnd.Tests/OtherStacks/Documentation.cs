using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>The code that pages of <c>docs</c> show: it is taken from there, so that they cannot say anything that is not tested.</summary>
internal static class Documentation
{
    /// <param name="heading">Of a section.</param>
    /// <param name="language">Of the first such block there.</param>
    /// <param name="page">The file.</param>
    public static string Block(string heading, string language, string page = "sign-in.md")
    {
        var section = After(File.ReadAllText(Path.Combine(Repository.Root, "docs", page)), $"\n## {heading}\n", page);
        var code = After(section, $"\n```{language}\n", page);
        return code[..(code.IndexOf("\n```", StringComparison.Ordinal) + 1)];
    }

    /// <summary>All such blocks of the page, with what stands before each since the last.</summary>
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
        return start >= 0 ? text[(start + mark.Length)..] : throw new InvalidOperationException($"docs/{page} has no '{mark.Trim()}' where it is looked for.");
    }
}

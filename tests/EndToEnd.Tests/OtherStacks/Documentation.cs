using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>The code that <c>docs/sign-in.md</c> shows: it is taken from there, so that it cannot say anything that is not tested.</summary>
internal static class Documentation
{
    /// <param name="heading">Of a section.</param>
    /// <param name="language">Of the first such block there.</param>
    public static string Block(string heading, string language)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "sign-in.md"));
        var section = After(page, $"\n## {heading}\n");
        var code = After(section, $"\n```{language}\n");
        return code[..(code.IndexOf("\n```", StringComparison.Ordinal) + 1)];
    }

    private static string After(string text, string mark)
    {
        var start = text.IndexOf(mark, StringComparison.Ordinal);
        return start >= 0 ? text[(start + mark.Length)..] : throw new InvalidOperationException($"docs/sign-in.md has no '{mark.Trim()}' where it is looked for.");
    }
}

using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>The links to files and headings of this repository, in the pages at the root and in <c>docs</c>.</summary>
public sealed partial class LinksTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Concat(Directory.GetFiles(Repository.Root, "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_link_leads_to_an_existing_file_or_heading(string page)
    {
        var file = Path.Combine(Repository.Root, page);

        var dead = Link().Matches(Prose(file)).Select(link => (link.Groups["path"].Value, link.Groups["heading"].Value))
            .Where(link => !LeadsSomewhere(file, link));

        Assert.Empty(dead);
    }

    private static bool LeadsSomewhere(string from, (string Path, string Heading) link)
    {
        var target = link.Path.Length is 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, link.Path);
        return Path.Exists(target) && (link.Heading.Length is 0 || Headings(target).Contains(link.Heading));
    }

    private static IEnumerable<string> Headings(string page) =>
        Heading().Matches(Prose(page))
            .Select(heading => Dropped().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string Prose(string page) => Code().Replace(File.ReadAllText(page), "");

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]*)(#(?<heading>[^)]*))?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    // The characters that the anchor of a heading omits.
    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}

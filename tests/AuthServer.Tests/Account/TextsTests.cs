using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Protocol;

namespace AuthServer.Tests.Account;

public sealed partial class TextsTests
{
    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "AuthServer"));

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Folder(), "Pages", file)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    public static TheoryData<string> OtherTags => [.. UiLocales.All.Skip(1)];

    [Theory]
    [MemberData(nameof(OtherTags))]
    public void Every_text_is_in_each_language_with_the_same_placeholders(string language)
    {
        var (english, other) = (Read("Texts.resx"), Read($"Texts.{language}.resx"));

        Assert.Equal(english.Keys.Order(), other.Keys.Order());
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(other[text.Key])));
        Assert.All(other.Values, text => Assert.NotEmpty(text));

        static string[] Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order()];
    }

    [Theory]
    [InlineData("ko", "[가-힣]")]
    [InlineData("ja", "[ぁ-ヿ一-鿿]")]
    public void Every_text_is_in_the_script_of_its_language(string language, string letter) =>
        Assert.All(Read($"Texts.{language}.resx"), text => Assert.Matches(letter, text.Value));

    [Fact]
    public void Every_text_is_used_and_every_used_text_exists()
    {
        var texts = Read("Texts.resx").Keys.ToHashSet();
        var sources = Directory.EnumerateFiles(Folder(), "*.cs*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Data/", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var words = sources.SelectMany(source => Quoted().Matches(source).Select(match => match.Groups["word"].Value)).ToHashSet();
        var asked = sources.SelectMany(source => Asked().Matches(source).Select(match => match.Groups["word"].Value)).ToHashSet();

        // The key of an error page's advice is built from the key of its heading.
        var unused = texts.Except(words).Except(words.Select(word => word + "Advice")).ToList();
        Assert.Empty(unused);
        Assert.Empty(asked.Except(texts));
    }

    [GeneratedRegex("\\{\\d\\}")]
    private static partial Regex Place();

    [GeneratedRegex("\"(?<word>[A-Z][A-Za-z0-9]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("(T|texts)\\[\"(?<word>\\w+)\"|(Refuse|Finish)\\((result, )?\"(?<word>\\w+)\"")]
    private static partial Regex Asked();
}

using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using AuthServer.Mail;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Mail;

public sealed partial class MailTextsTests
{
    private static readonly Dictionary<string, string> English = Read("");

    public static TheoryData<string> Tags => [.. UiLocales.All];

    public static TheoryData<string> OtherTags => [.. UiLocales.All.Skip(1)];

    [Theory]
    [MemberData(nameof(OtherTags))]
    public void Every_text_exists_in_each_language_with_the_same_placeholders(string language)
    {
        var texts = Read(language);
        Assert.Equal(English.Keys.Order(), texts.Keys.Order());
        Assert.All(English, text => Assert.Equal(Values(text.Value), Values(texts[text.Key])));
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_text_is_used_in_a_mail_and_no_mail_has_a_placeholder_left(string language)
    {
        var written = Everything(language);
        foreach (var (name, text) in language == UiLocales.Default ? English : Read(language))
        {
            Assert.All(
                Placeholder().Split(text),
                words => Assert.True(written.Contains(words, StringComparison.Ordinal), $"{name} is in no mail: {words}"));
        }

        Assert.DoesNotMatch(Placeholder(), written);
    }

    [Theory]
    [InlineData("ko")]
    [InlineData("ja")]
    public void A_mail_in_another_script_has_no_English_sentence(string language) => Assert.All(
        Post.OfEachKind(new Recipient("a@b.example", "김민지", language)),
        letter => Assert.DoesNotMatch("[a-z]+ [a-z]+ [a-z]+", Text(letter with { Occasion = null })));

    private static string Everything(string language)
    {
        var named = new Recipient("person@example.test", "Person", language);
        var letters = Post.OfEachKind(named).Append(Post.Reset(named with { Name = null }) with { SupportCode = "7K2Q-M4XA" })
            .Concat(new[] { 1, 2, 60, 120, 24 * 60, 48 * 60 }
                .Select(minutes => Post.Reset(named) with { ValidFor = TimeSpan.FromMinutes(minutes) }));
        return string.Join('\n', letters.Select(Text));
    }

    private static string Text(Letter letter)
    {
        var writer = new MailWriter(Options.Create(new MailOptions { From = "no-reply@auth.example" }), TimeProvider.System);
        using var message = writer.Write(letter, Guid.CreateVersion7(), Post.Occasion.At);
        // Only the HTML part has the introduction of the link.
        var html = Regex.Replace(message.HtmlBody!, "(?s)<style>.*?</style>|<[^>]*>", "");
        return $"{message.Subject}\n{message.TextBody}\n{html}";
    }

    private static IEnumerable<string> Values(string text) => Placeholder().Matches(text).Select(match => match.Value).Distinct().Order();

    private static Dictionary<string, string> Read(string culture) =>
        MailTexts.Resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder();
}

using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using AuthServer.Mail;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Mail;

public sealed partial class MailTextsTests
{
    private static readonly Dictionary<string, string> English = Read("");
    private static readonly Dictionary<string, string> Korean = Read(MailTexts.Korean);

    [Fact]
    public void Every_text_exists_in_both_languages() => Assert.Equal(English.Keys.Order(), Korean.Keys.Order());

    [Fact]
    public void A_text_has_the_same_placeholders_in_both_languages() =>
        Assert.All(English, text => Assert.Equal(Values(text.Value), Values(Korean[text.Key])));

    [Theory]
    [InlineData(MailTexts.English)]
    [InlineData(MailTexts.Korean)]
    public void Every_text_is_used_in_a_mail(string language)
    {
        var written = Everything(language);
        foreach (var (name, text) in language is MailTexts.Korean ? Korean : English)
        {
            Assert.All(
                Placeholder().Split(text),
                words => Assert.True(written.Contains(words, StringComparison.Ordinal), $"{name} is in no mail: {words}"));
        }
    }

    [Fact]
    public void No_mail_has_a_placeholder_left() =>
        Assert.DoesNotMatch(Placeholder(), Everything(MailTexts.English) + Everything(MailTexts.Korean));

    [Fact]
    public void A_Korean_mail_has_no_English_sentence() => Assert.All(
        Post.OfEachKind(new Recipient("a@b.example", "김민지", MailTexts.Korean)),
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

using AuthServer.Mail;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Tests.Mail;

public sealed class MailWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Alice\r\nBcc: mallory@example.test")]
    [InlineData("Alice\nSubject: other")]
    [InlineData("Alice\r\n\r\n<h1>other body</h1>")]
    [InlineData("Alice\u2028Bcc: mallory")]
    [InlineData("\"Alice\" <mallory@example.test>,")]
    public void A_name_cannot_begin_a_header_a_body_or_a_second_recipient(string name)
    {
        var message = Read(Post.Reset(Post.Alice with { Name = name }));

        Assert.Equal(Post.Alice.Address, Assert.Single(message.To.Mailboxes).Address);
        Assert.Equal("Reset your AuthPlatform password", message.Subject);
        Assert.Empty(message.Bcc);
        Assert.Equal(
            ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To"],
            message.Headers.Select(header => header.Field).Concat(["Content-Type"]).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("You won! www.evil.example")]
    [InlineData("https://1.2.3.4/claim")]
    [InlineData("mail mallory@example.test")]
    [InlineData("evil.한국")]
    [InlineData("  ")]
    [InlineData(null)]
    public void An_empty_name_or_one_that_looks_like_a_link_is_left_out(string? name)
    {
        var message = Read(Letter.AccountExists(Post.Alice with { Name = name }, Post.Link, Post.Occasion with { Device = name }));

        Assert.StartsWith("Hi,", message.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Device", message.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_encoded_in_the_HTML_part()
    {
        var message = Read(Letter.WrongCodes(
            Post.Alice with { Name = "<b>Alice</b>" }, new Uri("https://auth.example/?a=1&b=\"><script>"),
            Post.Occasion with { Device = "<img src=x onerror=alert(1)>" }));

        Assert.Contains("Hi &lt;b&gt;Alice&lt;/b&gt;,", message.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://auth.example/?a=1&amp;b=%22%3E%3Cscript%3E\"", message.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", message.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", message.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_loads_nothing_from_another_server()
    {
        foreach (var letter in Post.OfEachKind(Post.Alice).Concat(Post.OfEachKind(Post.Minji)))
        {
            var html = Read(letter).HtmlBody!;
            Assert.Equal(letter.Link is null ? 0 : 2, html.Split("href=").Length - 1);
            Assert.All(
                ["src=", "url(", "@import", "<link", "<script"],
                remote => Assert.DoesNotContain(remote, html, StringComparison.OrdinalIgnoreCase));
            Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mail_says_how_long_its_link_works_and_until_when()
    {
        var id = Guid.CreateVersion7();
        using var message = Writer().Write(Post.Reset(Post.Alice), id, Now.AddMinutes(-20));

        Assert.Contains("This link works for 1 hour, until 2026-11-25 08:40 UTC.", message.TextBody, StringComparison.Ordinal);
        Assert.Equal($"{id:N}@auth.example", message.MessageId);
    }

    [Theory]
    [InlineData(1, "1 minute", "1분")]
    [InlineData(90, "90 minutes", "90분")]
    [InlineData(60, "1 hour", "1시간")]
    [InlineData(24 * 60, "1 day", "1일")]
    [InlineData(36 * 60, "36 hours", "36시간")]
    [InlineData(7 * 24 * 60, "7 days", "7일")]
    public void A_duration_is_written_in_natural_words(int minutes, string english, string korean)
    {
        Assert.Equal(english, new MailTexts("en").Duration(TimeSpan.FromMinutes(minutes)));
        Assert.Equal(korean, new MailTexts("ko").Duration(TimeSpan.FromMinutes(minutes)));
    }

    [Theory]
    [InlineData("ko", "ko")]
    [InlineData("ko-KR", "ko")]
    [InlineData("KO_kr", "ko")]
    [InlineData("de-AT", "de")]
    [InlineData("kok", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    public void Readers_get_their_language_or_English(string? tag, string language) =>
        Assert.Equal(language, MailTexts.LanguageOf(tag));

    [Fact]
    public void A_sender_with_a_Korean_name_is_read_back_unchanged()
    {
        using var message = Writer("우리 회사").Write(Post.Reset(Post.Minji), Guid.CreateVersion7(), Now);

        Assert.Equal("우리 회사", Reread(message).From.Mailboxes.Single().Name);
        Assert.Equal("우리 회사 비밀번호 재설정 안내", Reread(message).Subject);
    }

    private static MailWriter Writer(string product = "AuthPlatform") =>
        new(Options.Create(new MailOptions { From = "no-reply@auth.example", FromName = product }), TimeProvider.System);

    private static MimeMessage Read(Letter letter)
    {
        using var message = Writer().Write(letter, Guid.CreateVersion7(), Now);
        return Reread(message);
    }

    // As it is transmitted.
    private static MimeMessage Reread(MimeMessage message)
    {
        using var bytes = new MemoryStream();
        message.WriteTo(bytes);
        bytes.Position = 0;
        return MimeMessage.Load(bytes);
    }
}

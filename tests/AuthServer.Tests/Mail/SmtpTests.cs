using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Tests.Support;
using MimeKit;
using SmtpServer.Protocol;

namespace AuthServer.Tests.Mail;

public sealed class SmtpTests
{
    [Fact]
    public async Task A_mail_arrives_as_text_and_as_HTML_in_the_language_of_its_reader()
    {
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync(server.Settings);

        await app.LeaveAsync(Post.Reset(Post.Alice), Post.Reset(Post.Minji));
        await app.UntilAsync(() => server.Taken.Count is 2);

        var english = server.Taken.Single(mail => mail.To.Mailboxes.Single().Address == Post.Alice.Address);
        Assert.Equal(
            ("Reset your AuthPlatform password", "no-reply@auth.example"), (english.Subject, english.From.Mailboxes.Single().Address));
        Assert.Contains("Hi Alice Kim,", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("\n" + Post.Link.AbsoluteUri, english.TextBody, StringComparison.Ordinal);
        Assert.Contains("Firefox, Linux", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("2026-11-25 07:51 UTC", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", english.HtmlBody, StringComparison.Ordinal);
        var korean = server.Taken.Single(mail => mail.To.Mailboxes.Single().Address == Post.Minji.Address);
        Assert.Equal("AuthPlatform 비밀번호 재설정 안내", korean.Subject);
        Assert.Contains("김민지님, 안녕하세요.", korean.TextBody, StringComparison.Ordinal);
        Assert.Contains("1시간", korean.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ko\">", korean.HtmlBody, StringComparison.Ordinal);
        Assert.All(server.Taken, mail =>
        {
            Assert.Equal(
                ["text/plain", "text/html"], Assert.IsType<MultipartAlternative>(mail.Body).Select(part => part.ContentType.MimeType));
            Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        });
        await app.UntilAsync(() => app.WaitingAsync().GetAwaiter().GetResult() is 0);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_password_gets_it()
    {
        await using var server = MailServer.Started(takesPassword: true);
        await using var app = await AuthServerApp.StartAsync(
            [.. server.Settings, ("Mail:UserName", MailServer.UserName), ("Mail:Password", MailServer.Password)]);

        await app.LeaveAsync(Post.Reset(Post.Alice));

        await app.UntilAsync(() => server.Taken.Count is 1);
    }

    [Fact]
    public async Task The_log_reports_a_refused_password_without_the_password()
    {
        await using var server = MailServer.Started(takesPassword: true);
        await using var app =
            await AuthServerApp.StartAsync([.. server.Settings, ("Mail:UserName", "other-user"), ("Mail:Password", "wrong-password")]);

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("Mail:UserName and Password are not accepted"));

        Assert.False(app.Logged("wrong-password"));
        Assert.Equal(1, await app.WaitingAsync());
    }

    [Theory]
    [InlineData("StartTls", "certificate is not trusted")]
    [InlineData("Tls", "certificate is not trusted")]
    public async Task A_server_with_an_untrusted_certificate_gets_no_mail(string security, string problem)
    {
        using var certificate = SelfSigned();
        await using var server = MailServer.Started(certificate);
        await using var app = await AuthServerApp.StartAsync([.. server.Settings, ("Mail:Security", security)]);

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged(problem));

        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail()
    {
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync([.. server.Settings, ("Mail:Security", "StartTls")]);

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("does not offer what is set: STARTTLS"));

        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_permanently_refused_mail_is_deleted_and_the_log_has_the_code_but_no_address()
    {
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        server.Refusal = new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "no alice@example.test here");

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("reply 550, RecipientNotAccepted"));

        Assert.Equal(0, await app.WaitingAsync());
        var line = Assert.Single(app.Log, line => line.Contains("was refused and is not tried again", StringComparison.Ordinal));
        Assert.Contains("example.test", line, StringComparison.Ordinal);
        Assert.False(app.Logged("alice@"));
    }

    [Fact]
    public async Task A_temporarily_refused_mail_is_retried()
    {
        await using var server = MailServer.Started();
        await using var app = await AuthServerApp.StartAsync(server.Settings);
        server.Refusal = new SmtpResponse(SmtpReplyCode.InsufficientStorage, "later");

        await app.LeaveAsync(Post.Reset(Post.Alice));
        await app.UntilAsync(() => app.Logged("is tried again at"));
        server.Refusal = null;

        await app.UntilAsync(() => server.Taken.Count is 1, TimeSpan.FromSeconds(30));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}

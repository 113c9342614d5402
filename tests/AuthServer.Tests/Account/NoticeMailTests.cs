using System.Text.RegularExpressions;
using AuthServer.Tests.Mail;
using AuthServer.Tests.Support;
using MimeKit;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Account;

/// <summary>Mails about what happened to an account.</summary>
public sealed class NoticeMailTests
{
    private const string Alice = "alice@example.test";

    private static readonly (string, string)[] Folder = [("Mail__From", "no-reply@auth.example"), ("Mail__Folder", "mail")];

    [Fact]
    public async Task What_an_operator_does_to_an_account_is_mailed_to_its_owner_in_the_owners_language()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        await app.SqlAsync("UPDATE Users SET Language = 'ko' WHERE UserName = 'bob'");
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        await RunAsync("", "session", "end", "--user", "alice", "--yes");
        await RunAsync("", "user", "role", "add", "alice", "admin");
        await RunAsync("", "user", "role", "remove", "alice", "admin");
        await RunAsync("right-horse-battery", "user", "passwd", "alice");
        await RunAsync("", "user", "rename", "alice", "alicia");
        await RunAsync("", "user", "lock", "alicia");
        await RunAsync("", "user", "unlock", "alicia");
        await RunAsync("", "user", "lock", "bob");

        var mailbox = new Mailbox(app, Alice);
        var told = new List<MimeMessage>();
        await DeliverAsync(app);
        while (told.Count < 7)
        {
            told.Add(await mailbox.NextAsync());
        }

        Assert.All(told, mail => Assert.Equal("An administrator changed your AuthPlatform account", mail.Subject));
        Assert.Equal(
            [
                "Account details changed",
                "Account locked",
                "Account unlocked",
                "Device signed out",
                "Password changed",
                "Role added",
                "Role removed",
            ],
            told.Select(mail => Regex.Match(mail.TextBody!, "Change: (.*?)\r?\n").Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(told, mail => Assert.Equal("/account/manage/history", Mailbox.LinkOf(mail)));
        Assert.Contains("변경 내용: 계정이 잠김", (await new Mailbox(app, "bob@example.test").NextAsync()).TextBody, StringComparison.Ordinal);
        await mailbox.AssertEmptyAsync();

        async Task RunAsync(string input, params string[] args) => (await cli.RunAsync(input, args, Folder)).AssertOk();
    }

    [Fact]
    public async Task An_account_that_is_created_with_roles_gets_no_mail_about_them_and_an_unconfirmed_address_gets_none_at_all()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("", ["apply", cli.Write("platform.yaml", """
            roles: [clerk]
            users:
              - { name: carl, email: carl@example.test, email_confirmed: true, password: "plain:a long enough password", roles: [clerk] }
              - { name: dora, email: dora@example.test, password: "plain:a long enough password" }
            """)], Folder)).AssertOk();
        (await cli.RunAsync("", ["user", "lock", "dora"], Folder)).AssertOk();

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Mails"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.disabled'"));
    }

    [Fact]
    public async Task The_same_again_from_the_same_sign_in_is_one_mail_and_from_another_sign_in_another()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        using var thief = new Browser(app);
        await thief.SignInAsync(await thief.GoAsync(PasskeyPages.Manage));
        for (var count = 0; count < 3; count++)
        {
            using var passkey = new VirtualAuthenticator();
            await owner.AddPasskeyAsync(passkey);
        }

        using var own = new VirtualAuthenticator();
        await owner.AddPasskeyAsync(own);
        await thief.SignInAsync((await thief.GoAsync(PasskeyPages.Manage)).AssertIs("/account/login"), own);
        using var other = new VirtualAuthenticator();
        await thief.AddPasskeyAsync(other, "Thief");

        await app.SentAsync();
        Assert.Equal(5, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.passkey_added'"));
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'mail.sent' AND Reason = 'PasskeyAdded'"));

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        using var late = new VirtualAuthenticator();
        await owner.AddPasskeyAsync(late);
        await app.SentAsync();
        Assert.Equal(3, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'mail.sent' AND Reason = 'PasskeyAdded'"));
    }

    [Fact]
    public async Task A_newly_connected_app_is_mailed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, Alice);
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(AppLogin.Partner(app).Address())), ("answer", "yes"));
        string?[] subjects = [(await mailbox.NextAsync()).Subject, (await mailbox.NextAsync()).Subject];

        Assert.Contains("An app was connected to your AuthPlatform account", subjects);
        Assert.Contains("App connected : Partner", (await browser.GoAsync("/account/manage/history")).Text, StringComparison.Ordinal);
    }

    // The command has written the mails; the server looks for them when its clock has come so far.
    private static async Task DeliverAsync(AuthServerApp app)
    {
        for (var count = 0; count < 200 && await app.CountAsync("SELECT COUNT(*) FROM Mails") > 0; count++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(50);
        }
    }
}

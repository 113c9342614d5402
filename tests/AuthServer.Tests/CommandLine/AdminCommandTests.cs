using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.CommandLine;

/// <summary><c>admin invite</c>: how the first administrator comes to be.</summary>
public sealed class AdminCommandTests
{
    [Fact]
    public async Task The_first_administrator_is_invited_chooses_a_password_and_may_do_everything()
    {
        await using var app = await AdminPlatform.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var printed = (await cli.RunAsync(
            "", ["admin", "invite", "grace@example.test"], ("Mail__From", "no-reply@auth.example"), ("Mail__Folder", app.MailFolder)))
            .AssertOk().Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("grace@example.test has the role administrator, which allows everything.", printed[0]);
        Assert.Equal("A mail to grace@example.test has a link to choose a password, good for a day.", printed[1]);

        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, "grace@example.test");
        app.Clock.Advance(TimeSpan.FromHours(20));
        await browser.SubmitAsync(await browser.GoAsync(await mailbox.NextLinkAsync("/account/reset")), ("new", AdminPlatform.Password));
        var grace = await app.AdminAsync("grace@example.test", isStrong: false);
        Assert.Equal("True", (await grace.GetAsync("me")).AssertOk()["isFullAdmin"]);

        // Again, and for somebody who is there already.
        (await cli.RunAsync("admin", "invite", "grace@example.test")).AssertOk();
        (await cli.RunAsync("admin", "invite", "dave@example.test")).AssertOk();
        Assert.Equal("True", (await (await app.AdminAsync("dave")).GetAsync("me")).AssertOk()["isFullAdmin"]);
        (await cli.RunAsync("admin", "invite", "carol@example.test", "--role", "customer"))
            .AssertFailed("The role 'customer' does not allow everything: name another one with --role.");
        (await cli.RunAsync("admin", "invite", "no address")).AssertFailed("'no address' is not an email address.");
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName = 'no address'"));
    }
}

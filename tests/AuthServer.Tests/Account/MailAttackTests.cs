using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>Attacks by mails and by the links in them.</summary>
public sealed class MailAttackTests
{
    [Fact]
    public async Task A_link_in_a_mail_cannot_send_dozens_of_mails()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var form = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        await browser.SubmitAsync(form, ("email", "victim@example.test"));
        var page = await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/email"));
        var statuses = new List<HttpStatusCode>();
        for (var count = 0; count < 5; count++)
        {
            statuses.Add((await browser.SubmitAsync(page)).Status);
        }

        Assert.Equal(2, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("/device?user_code=1111-2222-3333")]
    [InlineData("/connect/authorize?client_id=orders&state=LONG")]
    public async Task A_mail_to_another_person_does_not_lead_to_a_page_of_the_senders_choice_and_stays_short(string target)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var attacker = new Browser(app);
        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, "alice@example.test");
        var form = await attacker.GoAsync("/account/forgot");
        var returnUrl = target.Replace("LONG", new string('x', 7000), StringComparison.Ordinal);

        await attacker.SubmitAsync(form, ("userName", "alice"), ("returnUrl", returnUrl));

        var link = await mailbox.NextLinkAsync();
        Assert.InRange(link.Length, 1, 2000);
        (await browser.SubmitAsync(await browser.GoAsync(link), ("new", "staple-battery-plum"))).AssertIs("/account");
    }

    [Fact]
    public async Task Mails_of_one_kind_leave_room_for_those_of_another()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var thief = new Browser(app);
        var mailbox = new Mailbox(app, "alice@example.test");
        var form = await thief.GoAsync("/account/register");
        for (var count = 0; count < 5; count++)
        {
            await thief.SubmitAsync(form, ("email", "alice@example.test"));
        }

        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", "alice"));

        Assert.StartsWith("/account/reset", await mailbox.NextLinkAsync("/account/reset"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_ins_on_new_devices_do_not_flood_the_mailbox()
    {
        await using var app = await AuthServerApp.StartAsync();
        var mailbox = new Mailbox(app, "alice@example.test");
        for (var count = 0; count < 6; count++)
        {
            using var thief = new Browser(app);
            await thief.SignInAsync(await thief.GoAsync("/account"));
        }

        for (var count = 0; count < 3; count++)
        {
            Assert.StartsWith("New sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        }

        await mailbox.AssertEmptyAsync();
    }

    [Fact]
    public async Task A_used_link_does_not_change_the_address_again_after_the_change_was_undone()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var form = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));
        await browser.SubmitAsync(form, ("email", "thief@example.test"));
        await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/email")));
        var link = await new Mailbox(app, "thief@example.test").NextLinkAsync("/account/email");
        await browser.SubmitAsync(await browser.GoAsync(link));
        (await browser.GoAsync("/account")).AssertIs("/account");

        await app.SqlAsync(
            "UPDATE Users SET Email = 'alice@example.test', NormalizedEmail = 'ALICE@EXAMPLE.TEST' WHERE UserName = 'alice'");

        Assert.Contains("no longer works", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_used_registration_link_costs_no_hash_and_signs_nobody_in()
    {
        await using var app = await AuthServerApp.StartAsync(("Passwords:MaxConcurrentHashes", "1"));
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", "carol@example.test"));
        var form = await browser.GoAsync(await new Mailbox(app, "carol@example.test").NextLinkAsync());
        using var other = new Browser(app);
        var anonymous = await other.GoAsync(form.Address);
        (await browser.SubmitAsync(form, ("displayName", "Carol"), ("new", "staple-battery-plum"))).AssertIs("/account");

        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => other.SubmitAsync(anonymous, ("displayName", "M"), ("new", "another-battery-plum"))));

        Assert.All(pages, page => Assert.Contains("You already have an account with this email", page.Text, StringComparison.Ordinal));
        (await other.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE NormalizedEmail = 'CAROL@EXAMPLE.TEST'"));
    }
}

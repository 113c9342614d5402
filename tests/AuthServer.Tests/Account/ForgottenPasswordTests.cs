using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class ForgottenPasswordTests
{
    [Theory]
    [InlineData("alice")]
    [InlineData("alice@example.test")]
    public async Task The_user_chooses_a_new_password_by_the_link_in_the_mail_and_all_sign_ins_end(string name)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var before = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var mailbox = new Mailbox(app, "alice@example.test");

        Assert.Contains(
            "If there’s an account",
            (await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", name))).Text,
            StringComparison.Ordinal);
        var page = await browser.GoAsync(await mailbox.NextLinkAsync("/account/reset"));
        (await browser.SubmitAsync(page, ("new", "staple-battery-plum"))).AssertIs("/account");

        (await client.RefreshAsync(before.RefreshToken)).AssertRefused("invalid_grant");
        (await client.SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_grant");
        (await client.SignInAsync("alice", "staple-battery-plum")).AssertOk();

        // A second mail reports the new device; the order of the two varies.
        var subjects = new[] { (await mailbox.NextAsync()).Subject, (await mailbox.NextAsync()).Subject };
        Assert.Contains(subjects, subject => subject!.Contains("was changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task For_an_unknown_name_the_page_is_the_same_and_no_mail_is_sent()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var form = await browser.GoAsync("/account/forgot");

        var (known, unknown) =
            (await browser.SubmitAsync(form, ("userName", "alice")), await browser.SubmitAsync(form, ("userName", "nobody@example.test")));

        Assert.Equal(known.Text, unknown.Text);
        await new Mailbox(app, "nobody@example.test").AssertEmptyAsync();
    }

    [Fact]
    public async Task A_link_works_once_for_an_hour_and_not_after_the_address_has_changed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var mailbox = new Mailbox(app, "alice@example.test");
        var form = await browser.GoAsync("/account/forgot");
        await browser.SubmitAsync(form, ("userName", "alice"));
        await browser.SubmitAsync(form, ("userName", "alice"));
        var (first, second) = (await mailbox.NextLinkAsync("/account/reset"), await mailbox.NextLinkAsync("/account/reset"));

        await browser.SubmitAsync(await browser.GoAsync(first), ("new", "staple-battery-plum"));
        Assert.Contains("no longer works", (await browser.GoAsync(first)).Text, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await browser.GoAsync(second)).Text, StringComparison.Ordinal);

        await browser.SubmitAsync(form, ("userName", "alice"));
        var third = await mailbox.NextLinkAsync("/account/reset");
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("no longer works", (await browser.GoAsync(third)).Text, StringComparison.Ordinal);

        await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "alice"));
        var fourth = await mailbox.NextLinkAsync("/account/reset");
        await app.SqlAsync("UPDATE Users SET Email = 'other@example.test' WHERE UserName = 'alice'");
        Assert.Contains("no longer works", (await browser.GoAsync(fourth)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CfDJ8garbage")]
    [InlineData("%%%")]
    public async Task A_broken_link_is_a_page_that_says_so(string token)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        foreach (var path in new[] { "/account/reset", "/account/activate", "/account/email" })
        {
            var page = await browser.GoAsync($"{path}?token={Uri.EscapeDataString(token)}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("no longer works", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_second_factor_is_still_asked_for()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        await TwoStepTests.TurnOnAsync(app, owner);
        using var thief = new Browser(app);
        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", "alice"));

        var page = await thief.SubmitAsync(
            await thief.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/reset")),
            ("new", "staple-battery-plum"));

        page.AssertIs("/account/code");
    }

    [Fact]
    public async Task A_disabled_account_gets_no_mail()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await app.SqlAsync("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'alice'");

        Assert.Contains(
            "If there’s an account",
            (await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "alice"))).Text,
            StringComparison.Ordinal);

        await new Mailbox(app, "alice@example.test").AssertEmptyAsync();
    }
}

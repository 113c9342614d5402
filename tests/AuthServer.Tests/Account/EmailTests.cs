using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

public sealed class EmailTests
{
    private const string Old = "alice@example.test";
    private const string New = "alice@new.example";

    [Fact]
    public async Task A_new_address_takes_effect_after_the_old_one_has_agreed_and_the_new_one_has_confirmed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/email"));

        page = await browser.SubmitAsync(page, ("email", New));
        Assert.Contains("Approve the change there first", page.Text, StringComparison.Ordinal);
        var old = new Mailbox(app, Old);
        await browser.SubmitAsync(await browser.GoAsync(await old.NextLinkAsync("/account/email")));
        Assert.Equal(Old, await app.TextAsync("SELECT Email FROM Users WHERE UserName = 'alice'"));
        page = await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, New).NextLinkAsync("/account/email")));

        Assert.Contains("Your email was changed.", page.Text, StringComparison.Ordinal);
        Assert.Equal(New, await app.TextAsync("SELECT Email FROM Users WHERE UserName = 'alice'"));
        Assert.Contains("was changed", (await old.NextAsync()).Subject, StringComparison.Ordinal);
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(New, "correct-horse-apple")).AssertOk();
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(Old, "correct-horse-apple")).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task The_link_of_the_old_address_alone_changes_nothing_and_neither_works_twice()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", New));
        await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/email")));
        var link = await new Mailbox(app, New).NextLinkAsync("/account/email");
        await browser.SubmitAsync(await browser.GoAsync(link));

        Assert.Contains("no longer works", (await browser.GoAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_another_user_is_not_revealed_and_not_assigned()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SubmitAsync(
            await browser.SignInAsync(await browser.GoAsync("/account/manage/email")), ("email", "bob@example.test"));
        Assert.Contains("Approve the change there first", page.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, Old).NextLinkAsync("/account/email")));

        page = await browser.SubmitAsync(await browser.GoAsync(await new Mailbox(app, "bob@example.test").NextLinkAsync("/account/email")));

        Assert.Contains("no longer works", page.Text, StringComparison.Ordinal);
        Assert.Equal(Old, await app.TextAsync("SELECT Email FROM Users WHERE UserName = 'alice'"));
    }

    [Fact]
    public async Task A_sign_in_on_a_new_device_is_reported_by_mail_and_one_on_a_known_device_is_not()
    {
        await using var app = await AuthServerApp.StartAsync();
        var mailbox = new Mailbox(app, Old);
        using var first = new Browser(app);
        await first.SignInAsync(await first.GoAsync("/account"));
        var mail = await mailbox.NextAsync();
        Assert.StartsWith("New sign-in to your", mail.Subject, StringComparison.Ordinal);
        Assert.StartsWith("/account/notme?token=", Mailbox.LinkOf(mail), StringComparison.Ordinal);
        await first.SubmitAsync(await first.GoAsync("/account/logout"));
        await first.SignInAsync(await first.GoAsync("/account"));
        await mailbox.AssertEmptyAsync();

        using var second = new Browser(app);
        await second.SignInAsync(await second.GoAsync("/account"));

        Assert.StartsWith("New sign-in to your", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_are_in_the_language_of_the_owners_browsers_and_not_of_a_strangers()
    {
        await using var app = await AuthServerApp.StartAsync();
        var mailbox = new Mailbox(app, Old);
        using var owner = new Browser(app, "ko");
        await owner.SignInAsync(await owner.GoAsync("/account"));
        await mailbox.NextAsync();

        using var stranger = new Browser(app, "en");
        await stranger.SignInAsync(await stranger.GoAsync("/account"));
        Assert.Contains("새 기기로 로그인", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        await stranger.SubmitAsync(await stranger.GoAsync("/account/forgot"), ("userName", "alice"));
        Assert.Contains("재설정", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);

        // In a browser that the owner has used before, a change of the page language also changes the language of the mails.
        await owner.SubmitAsync(await owner.GoAsync("/account/logout?ui_locales=en"));
        await owner.SignInAsync(await owner.GoAsync("/account"));
        await owner.SubmitAsync(await owner.GoAsync("/account/forgot"), ("userName", "alice"));
        Assert.StartsWith("Reset", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strength_of_a_password_is_shown_while_it_is_typed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/password"));
        var token = page.FormToken;

        Assert.Matches("^{\"score\":0,\"advice\":\"Many people use this", (await AskAsync(token, "password1234")).Html);
        Assert.Equal("{\"score\":0,\"advice\":\"Use at least 12 characters.\"}", (await AskAsync(token, "Zq7$x")).Html);
        Assert.Equal("{\"score\":4,\"advice\":null}", (await AskAsync(token, "staple-battery-plum")).Html);
        Assert.Matches("^{\"score\":0,\"advice\":\"Your password can", (await AskAsync(token, "alice-loves-plum-jam")).Html);
        Assert.Equal("{\"score\":0,\"advice\":\"Use at most 1024 characters.\"}", (await AskAsync(token, new string('x', 2000))).Html);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await AskAsync("forged", "staple-battery-plum")).Status);

        Task<BrowserPage> AskAsync(string form, string password) =>
            browser.PostAsync("/account/strength", [new("form", form), new("password", password)]);
    }
}

using System.Net;
using AuthServer.Tests.Support;
using OtpNet;

namespace AuthServer.Tests.Account;

public sealed class TwoStepTests
{
    [Fact]
    public async Task The_first_code_turns_two_step_sign_in_on_and_the_recovery_codes_are_shown_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var (_, codes) = await TurnOnAsync(app, browser);

        Assert.Equal(10, codes.Distinct().Count());
        Assert.DoesNotContain(codes[0], (await browser.GoAsync("/account/manage/authenticator")).Html, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync($"SELECT COUNT(*) FROM Authenticators WHERE RecoveryCodes LIKE '%{codes[0]}%'"));
    }

    [Fact]
    public async Task A_wrong_first_code_turns_nothing_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/authenticator"));

        page = await browser.SubmitAsync(page, ("action", "confirm"), ("code", "000000"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        using var other = new Browser(app);
        (await other.SignInAsync(await other.GoAsync("/account"))).AssertIs("/account");
    }

    [Fact]
    public async Task Recovery_codes_are_not_renewed_after_the_authenticator_was_removed_in_another_tab()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await TurnOnAsync(app, browser);
        var form = await browser.GoAsync("/account/manage/authenticator");
        await browser.SubmitAsync(form, ("action", "remove"));
        var before = await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.recovery_codes_replaced'");

        var page = await browser.SubmitAsync(form, ("action", "codes"));

        page.AssertIs("/account/manage/authenticator");
        Assert.Contains("name=\"setup\"", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.recovery_codes_replaced'"));
    }

    [Fact]
    public async Task With_two_step_sign_in_the_password_alone_signs_nobody_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TurnOnAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var other = new Browser(app);
        var orders = AppLogin.Orders(app);

        var page = (await other.SignInAsync(await other.GoAsync(orders.Address()))).AssertIs("/account/code");
        (await other.GoAsync("/account")).AssertIs("/account/login");
        Assert.Equal(HttpStatusCode.BadRequest, (await other.SubmitAsync(page, ("code", "000000"))).Status);
        var answer = (await orders.RedeemAsync(
            orders.CodeOf(await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)))))).AssertOk();

        var identity = Jwt.Read(answer["id_token"]!);
        Assert.Equal(["pwd", "otp", "mfa"], identity.Values("amr"));
        Assert.Equal("aal2", identity.Value("acr"));
    }

    [Fact]
    public async Task A_code_is_accepted_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TurnOnAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
        using var first = new Browser(app);
        using var second = new Browser(app);

        (await first.SubmitAsync(await first.SignInAsync(await first.GoAsync("/account")), ("code", code))).AssertIs("/account");
        var page = await second.SubmitAsync(await second.SignInAsync(await second.GoAsync("/account")), ("code", code));

        Assert.Contains("Wrong or already used code.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_and_the_page_says_how_many_are_left_and_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (_, codes) = await TurnOnAsync(app, browser);
        using var first = new Browser(app);
        using var second = new Browser(app);
        var typed = codes[3].Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant();

        var page = await first.SubmitAsync(await first.SignInAsync(await first.GoAsync("/account")), ("code", typed));
        Assert.Contains("Recovery codes left: 9", page.AssertIs("/account/recovered").Text, StringComparison.Ordinal);

        page = await second.SubmitAsync(await second.SignInAsync(await second.GoAsync("/account")), ("code", typed));
        page.AssertIs("/account/code");
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_like_wrong_passwords()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var browser = new Browser(app);
        var (totp, _) = await TurnOnAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var other = new Browser(app);
        var page = await other.SignInAsync(await other.GoAsync("/account"));
        for (var count = 0; count < 10; count++)
        {
            page = await other.SubmitAsync(page, ("code", "000000"));
        }

        page = await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));

        page.AssertIs("/account/code");
    }

    [Fact]
    public async Task After_a_hundred_wrong_codes_the_owner_has_mails_and_only_ten_codes_a_day_are_checked()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var browser = new Browser(app);
        var (totp, codes) = await TurnOnAsync(app, browser);
        using var thief = new Browser(app);
        BrowserPage page;
        for (var round = 0; round < 10; round++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(6));
            page = await thief.SignInAsync(await thief.GoAsync("/account"));
            for (var count = 0; count < 10; count++)
            {
                Assert.Contains("Wrong or already used code", (await thief.SubmitAsync(page, ("code", "000000"))).Text, StringComparison.Ordinal);
            }
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        page = await thief.SignInAsync(await thief.GoAsync("/account"));
        page = await thief.SubmitAsync(page, ("code", Now()));
        Assert.Contains("Too many wrong codes", page.AssertIs("/account/code").Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);

        var mailbox = new Mailbox(app, "alice@example.test");
        Assert.StartsWith("New sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.StartsWith("Two-step sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        for (var round = 0; round < 10; round++)
        {
            var mail = await mailbox.NextAsync();
            Assert.StartsWith("Someone may know your", mail.Subject, StringComparison.Ordinal);
            Assert.Equal("/account/forgot", Mailbox.LinkOf(mail));
        }

        // A thief who reads the mails can set a new password, but this does not lift the limit. The next day allows ten more codes.
        await thief.SubmitAsync(await thief.GoAsync("/account/forgot"), ("userName", "alice"));
        page = await thief.SubmitAsync(await thief.GoAsync(await mailbox.NextLinkAsync("/account/reset")), ("new", "staple-battery-plum"));
        Assert.Contains(
            "Too many wrong codes",
            (await thief.SubmitAsync(page.AssertIs("/account/code"), ("code", Now()))).Text,
            StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromDays(1));
        page = await thief.SignInAsync(await thief.GoAsync("/account"), password: "staple-battery-plum");
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => thief.SubmitAsync(page, ("code", "000000"))));
        Assert.Equal(110, await app.CountAsync("SELECT WrongCodes FROM Authenticators"));

        using var owner = new Browser(app);
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        page = await owner.SignInAsync(await owner.GoAsync("/account"), password: "staple-battery-plum");
        (await owner.SubmitAsync(page, ("code", codes[0]))).AssertIs("/account/recovered");
        Assert.Equal(0, await app.CountAsync("SELECT WrongCodes FROM Authenticators"));
        await owner.SubmitAsync(await owner.GoAsync("/account/logout"));
        page = await owner.SignInAsync(await owner.GoAsync("/account"), password: "staple-battery-plum");
        (await owner.SubmitAsync(page, ("code", Now()))).AssertIs("/account");

        string Now() => totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task Concurrent_wrong_codes_are_all_counted()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        using var browser = new Browser(app);
        await TurnOnAsync(app, browser);
        using var thief = new Browser(app);
        var page = await thief.SignInAsync(await thief.GoAsync("/account"));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => thief.SubmitAsync(page, ("code", "000000"))));

        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Authenticators WHERE WrongCodes = 10"));
        var mailbox = new Mailbox(app, "alice@example.test");
        Assert.StartsWith("New sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.StartsWith("Two-step sign-in", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
        Assert.StartsWith("Someone may know your", (await mailbox.NextAsync()).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_browser_is_not_asked_for_a_code_until_the_password_changes()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TurnOnAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var other = new Browser(app);
        await other.SubmitAsync(
            await other.SignInAsync(await other.GoAsync("/account")), ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)),
            ("rememberBrowser", "true"));
        await other.SubmitAsync(await other.GoAsync("/account/logout"));

        (await other.SignInAsync(await other.GoAsync("/account"))).AssertIs("/account");

        // A remembered browser still needs a code to change the account.
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var page = (await other.GoAsync("/account/manage/password")).AssertIs("/account/code");
        page = await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        await other.SubmitAsync(page, ("current", "correct-horse-apple"), ("new", "staple-battery-plum"));
        await other.SubmitAsync(await other.GoAsync("/account/logout"));
        (await other.SignInAsync(await other.GoAsync("/account"), password: "staple-battery-plum")).AssertIs("/account/code");
    }

    [Fact]
    public async Task The_password_step_alone_expires_after_ten_minutes_or_with_a_new_password()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (totp, _) = await TurnOnAsync(app, browser);
        using var other = new Browser(app);
        var page = await other.SignInAsync(await other.GoAsync("/account"));

        app.Clock.Advance(TimeSpan.FromMinutes(11));

        (await other.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)))).AssertIs("/account/login");
    }

    [Fact]
    public async Task The_set_up_requires_a_recent_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        app.Clock.Advance(TimeSpan.FromMinutes(11));

        var page = (await browser.GoAsync("/account/manage/authenticator")).AssertIs("/account/login");

        Assert.Contains("For your security, sign in again", page.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await browser.SignInAsync(page)).AssertIs("/account/manage/authenticator");
    }

    /// <summary>Alice signs in by password in this browser, if she has not yet, and turns on two-step sign-in.</summary>
    internal static async Task<(Totp App, string[] Codes)> TurnOnAsync(AuthServerApp app, Browser browser)
    {
        var page = await browser.GoAsync("/account/manage/authenticator");
        page = page.Path is "/account/login" ? await browser.SignInAsync(page) : page;
        Assert.Contains("src=\"data:image/svg&#x2B;xml;base64,", page.Html, StringComparison.Ordinal);
        var totp = AppOf(page);
        page = await browser.SubmitAsync(page, ("action", "confirm"), ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        var codes = page.Html.Split("<li><code>").Skip(1).Select(part => part.Split('<')[0]).ToArray();
        Assert.NotEmpty(codes);
        return (totp, codes);
    }

    /// <summary>An authenticator app with the key that this page shows.</summary>
    internal static Totp AppOf(BrowserPage page) =>
        new(Base32Encoding.ToBytes(page.Html.Split("class=\"secret\">")[1].Split('<')[0].Replace(" ", "", StringComparison.Ordinal)));
}

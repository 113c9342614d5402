using System.Text.RegularExpressions;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>The owner learns of changes to the account, by mail and on a page.</summary>
public sealed partial class AccountHistoryTests
{
    [Fact]
    public async Task Added_and_removed_factors_are_reported_by_mail_and_in_the_history()
    {
        await using var app = await AuthServerApp.StartAsync();
        var mailbox = new Mailbox(app, "alice@example.test");
        using var browser = new Browser(app, userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        using var passkey = new VirtualAuthenticator();

        var page = await browser.AddPasskeyAsync(passkey);
        await browser.ChangePasskeyAsync(page, "remove", PasskeyId().Match(page.Html).Groups["id"].Value);
        await TwoStepTests.TurnOnAsync(app, browser);
        await browser.SubmitAsync(await browser.GoAsync("/account/manage/authenticator"), ("action", "codes"));
        await browser.SubmitAsync(await browser.GoAsync("/account/manage/authenticator"), ("action", "remove"));
        await browser.SubmitAsync(
            await browser.GoAsync("/account/manage/password"), ("current", "correct-horse-apple"), ("new", "staple-battery-plum"));

        var subjects = new List<string>();
        while (subjects.Count < 7)
        {
            subjects.Add((await mailbox.NextAsync()).Subject!);
        }

        foreach (var subject in new[]
        {
            "A passkey was added to your",
            "A passkey was removed from your",
            "Two-step sign-in is on for your",
            "has new recovery codes",
            "password was changed",
        })
        {
            Assert.Contains(subjects, text => text.Contains(subject, StringComparison.Ordinal));
        }

        var history = (await browser.GoAsync("/account/manage/history")).Text;
        foreach (var text in new[]
        {
            "Passkey added",
            "Passkey removed",
            "Two-step sign-in turned on",
            "New recovery codes made",
            "Two-step sign-in turned off",
            "Password changed",
            "Firefox · Linux",
        })
        {
            Assert.Contains(text, history, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_use_of_a_recovery_code_is_reported_once_even_if_the_form_is_sent_twice()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (_, codes) = await TwoStepTests.TurnOnAsync(app, browser);
        using var other = new Browser(app);
        var page = await other.SignInAsync(await other.GoAsync("/account"));

        var answers = await Task.WhenAll(other.SubmitAsync(page, ("code", codes[0])), other.SubmitAsync(page, ("code", codes[0])));
        var again = await other.SubmitAsync(page, ("code", codes[0]));

        Assert.All(answers, answer => answer.AssertIs("/account/recovered"));
        again.AssertIs("/account");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.recovery_code_used'"));
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
        Assert.Equal(0, await app.CountAsync("SELECT WrongCodes FROM Authenticators"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM SignInFailures"));
    }

    [Fact]
    public async Task A_password_reset_removes_no_passkey_before_the_authenticators_code_is_shown()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await owner.AddPasskeyAsync(passkey);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, owner);
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "alice"));
        var page = await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/reset"));

        page = (await browser.SubmitAsync(page, ("new", "staple-battery-plum"), ("removePasskeys", "true"))).AssertIs("/account/code");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM UserPasskeys"));

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        (await browser.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)))).AssertIs("/account");
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM UserPasskeys"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.passkey_removed'"));
    }

    [Fact]
    public async Task A_reset_form_that_is_sent_twice_works_twice_and_offers_to_remove_the_passkeys()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var owner = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await owner.AddPasskeyAsync(passkey);
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/forgot"), ("userName", "alice"));
        var page = await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/reset"));
        Assert.Contains("My laptop", page.Text, StringComparison.Ordinal);

        (await browser.SubmitAsync(page, ("new", "staple-battery-plum"), ("removePasskeys", "true"))).AssertIs("/account");
        (await browser.SubmitAsync(page, ("new", "staple-battery-plum"))).AssertIs("/account");
        Assert.Contains(
            "no longer works", (await browser.SubmitAsync(page, ("new", "another-battery-plum"))).Text, StringComparison.Ordinal);

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM UserPasskeys"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.password_reset'"));
    }

    [Fact]
    public async Task A_registration_form_that_is_sent_twice_creates_one_account_and_signs_in_twice()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await browser.SubmitAsync(await browser.GoAsync("/account/register"), ("email", "carol@example.test"));
        var page = await browser.GoAsync(await new Mailbox(app, "carol@example.test").NextLinkAsync());

        (await browser.SubmitAsync(page, ("displayName", "Carol"), ("new", "staple-battery-plum"))).AssertIs("/account");
        (await browser.SubmitAsync(page, ("displayName", "Carol"), ("new", "staple-battery-plum"))).AssertIs("/account");
    }

    [Fact]
    public async Task Remembered_browsers_are_ended_one_by_one_with_all_others_and_at_the_sign_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var mine = new Browser(app);
        var (_, codes) = await TwoStepTests.TurnOnAsync(app, mine);
        using var first = new Browser(app);
        using var second = new Browser(app);
        using var third = new Browser(app);
        foreach (var (browser, code) in new[] { (first, codes[0]), (second, codes[1]), (third, codes[2]) })
        {
            await browser.SubmitAsync(
                await browser.SignInAsync(await browser.GoAsync("/account")), ("code", code), ("rememberBrowser", "true"));
        }

        // The browser used last comes first.
        var page = await mine.GoAsync("/account/manage/sessions");
        var id = BrowserId().Match(page.Html).Groups["id"].Value;
        await mine.PostAsync("/account/manage/sessions", [new("form", page.FormToken), new("browser", id)]);
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM RememberedBrowsers"));
        page = await third.GoAsync("/account/logout");
        await third.SubmitAsync(page, ("forget", "true"));
        await mine.PostAsync(
            "/account/manage/sessions", [new("form", (await mine.GoAsync("/account/manage/sessions")).FormToken), new("others", "true")]);

        foreach (var browser in new[] { first, second, third })
        {
            (await browser.SignInAsync(await browser.GoAsync("/account"))).AssertIs("/account/code");
        }

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM RememberedBrowsers"));
    }

    [GeneratedRegex("name=\"id\"[^>]*value=\"(?<id>[^\"]+)\"")]
    private static partial Regex PasskeyId();

    [GeneratedRegex("name=\"browser\" value=\"(?<id>[^\"]+)\"")]
    private static partial Regex BrowserId();
}

using System.Net;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.SecondFactors;

/// <summary>RFC 6238 5.2: a double click may use a code twice, but nothing else may.</summary>
public sealed class SpentCodeTests
{
    private const string Refused = "Wrong or already used code.";

    [Fact]
    public async Task For_a_short_time_the_same_form_gets_the_same_answer()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, cookies, page, code) = await BeginAsync(app);
        using var late = new Browser(app, cookies: browser.CopyOfCookies());
        (await browser.SubmitAsync(page, ("code", code))).AssertIs("/account");
        using var twice = new Browser(app, cookies: cookies);

        (await twice.SubmitAsync(page, ("code", code))).AssertIs("/account");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL AND Methods LIKE 'pwd otp%'"));

        // An authenticator app still shows the code for a while, and the server's time window is even longer.
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains(Refused, (await late.SubmitAsync(page, ("code", code))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_sign_out_the_code_signs_nobody_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, cookies, page, code) = await BeginAsync(app);
        (await browser.SubmitAsync(page, ("code", code))).AssertIs("/account");
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        using var thief = new Browser(app, cookies: cookies);

        (await thief.SubmitAsync(page, ("code", code), ("rememberBrowser", "true"))).AssertIs("/account/login");

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL AND Methods LIKE 'pwd otp%'"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM RememberedBrowsers"));
    }

    [Fact]
    public async Task The_code_ends_no_other_sign_in_and_works_for_no_other_request()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, cookies, page, code) = await BeginAsync(app);
        (await browser.SubmitAsync(page, ("code", code))).AssertIs("/account");
        var orders = AppLogin.Orders(app);

        // Another form, after the password, for an app that requires a new sign-in.
        var other = (await browser.SignInAsync(await browser.GoAsync(orders.Address(("prompt", "login"))))).AssertIs("/account/code");
        Assert.Contains(Refused, (await browser.SubmitAsync(other, ("code", code))).Text, StringComparison.Ordinal);

        // The earlier form, sent for another request.
        using var thief = new Browser(app, cookies: cookies);
        Assert.Contains(
            Refused,
            (await thief.PostAsync(other.Address, [new("form", page.FormToken), new("code", code)])).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_the_page_again_does_not_extend_the_time_of_a_begun_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, _, _, _) = await BeginAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(9));
        (await browser.GoAsync("/account/code")).AssertIs("/account/code");
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        (await browser.GoAsync("/account/code")).AssertIs("/account/login");
    }

    /// <summary>A user's browser at the page for the code.</summary>
    /// <param name="Cookies">A copy of the cookies at that time, for a form that is sent twice, or for a thief.</param>
    private sealed record Begun(Browser Browser, CookieContainer Cookies, BrowserPage Page, string Code);

    private static async Task<Begun> BeginAsync(AuthServerApp app)
    {
        using var first = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, first);
        await first.SubmitAsync(await first.GoAsync("/account/logout"));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var browser = new Browser(app);
        var page = (await browser.SignInAsync(await browser.GoAsync("/account"))).AssertIs("/account/code");
        return new(browser, browser.CopyOfCookies(), page, totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime));
    }
}

using System.Net;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.SecondFactors;

/// <summary>RFC 6238 5.2: what a double click may do with a code, and nobody else.</summary>
public sealed class SpentCodeTests
{
    private const string Refused = "The code is wrong or has been used.";

    [Fact]
    public async Task The_same_form_is_answered_alike_for_a_moment()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, cookies, page, code) = await BeginAsync(app);
        using var late = new Browser(app, cookies: browser.CopyOfCookies());
        (await browser.SubmitAsync(page, ("code", code))).AssertIs("/account");
        using var twice = new Browser(app, cookies: cookies);

        (await twice.SubmitAsync(page, ("code", code))).AssertIs("/account");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL AND Methods LIKE 'pwd otp%'"));

        // A code app shows it for a while longer, and its window is wider still.
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains(Refused, (await late.SubmitAsync(page, ("code", code))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_sign_out_it_signs_nobody_in()
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
    public async Task It_ends_no_other_sign_in_and_is_for_no_other_request()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, cookies, page, code) = await BeginAsync(app);
        (await browser.SubmitAsync(page, ("code", code))).AssertIs("/account");
        var orders = AppLogin.Orders(app);

        // Another form, after the password for an app that asks for a sign-in of now.
        var other = (await browser.SignInAsync(await browser.GoAsync(orders.Address(("prompt", "login"))))).AssertIs("/account/code");
        Assert.Contains(Refused, (await browser.SubmitAsync(other, ("code", code))).Text, StringComparison.Ordinal);

        // The form of before, with another aim.
        using var thief = new Browser(app, cookies: cookies);
        Assert.Contains(Refused, (await thief.PostAsync(other.Address, [new("form", page.FormToken), new("code", code)])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_opened_again_gives_a_begun_sign_in_no_more_time()
    {
        await using var app = await AuthServerApp.StartAsync();
        var (browser, _, _, _) = await BeginAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(9));
        (await browser.GoAsync("/account/code")).AssertIs("/account/code");
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        (await browser.GoAsync("/account/code")).AssertIs("/account/login");
    }

    /// <summary>A person's browser at the page for the code.</summary>
    /// <param name="Cookies">As they are there, for a form that is on its way twice, and for a thief.</param>
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

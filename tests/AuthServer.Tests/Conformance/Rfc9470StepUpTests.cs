using AuthServer.Tests.Account;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9470, OAuth 2.0 Step Up Authentication Challenge Protocol: the authorization server's part.</summary>
public sealed class Rfc9470StepUpTests
{
    [Fact]
    public async Task Section_4_A_user_signed_in_by_password_is_asked_for_the_code_alone()
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);
        using var browser = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, browser);

        // A remembered browser, which needs no code.
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = await browser.SignInAsync(await browser.GoAsync("/account"));
        await browser.SubmitAsync(code, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)), ("rememberBrowser", "true"));
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        await orders.CodeAsync(browser);
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        (await browser.GoAsync(orders.Address(("acr_values", "aal2"), ("prompt", "none")))).AssertRefused("login_required");
        var page = (await browser.GoAsync(orders.Address(("acr_values", "unknown aal2")))).AssertIs("/account/code");
        page = await browser.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)));
        var answer = (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();

        Assert.Equal("aal2", Jwt.Read(answer.AccessToken).Value("acr"));
        Assert.Equal("aal2", Jwt.Read((await orders.RedeemAsync(
            orders.CodeOf(await browser.GoAsync(orders.Address(("acr_values", "aal2")))))).AssertOk().AccessToken).Value("acr"));
    }

    [Theory]
    [InlineData("aal2")]
    [InlineData("phr")]
    public async Task Section_5_The_client_gets_an_error_if_the_user_has_not_set_up_the_level(string level)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        (await browser.GoAsync(orders.Address(("acr_values", level)))).AssertRefused("unmet_authentication_requirements");
    }

    [Fact]
    public async Task A_refresh_keeps_the_level_of_its_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var weak = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        await TwoStepTests.TurnOnAsync(app, browser);
        var strong = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address())))).AssertOk();

        Assert.Equal("aal1", Jwt.Read((await orders.Client.RefreshAsync(weak.RefreshToken)).AssertOk().AccessToken).Value("acr"));
        Assert.Equal("aal2", Jwt.Read((await orders.Client.RefreshAsync(strong.RefreshToken)).AssertOk().AccessToken).Value("acr"));
    }
}

using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>An app's request is stored for an hour. If it has expired, the user is told before doing anything for it.</summary>
public sealed class RunOutRequestTests
{
    [Fact]
    public async Task The_sign_in_page_says_so_before_the_password_is_typed_and_does_not_check_one()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = await browser.GoAsync(AppLogin.Orders(app).Address());
        app.Clock.Advance(TimeSpan.FromHours(2));

        AssertOver(await browser.GoAsync(page.Address));
        AssertOver(await browser.SubmitAsync(page, ("userName", "alice"), ("password", "correct-horse-apple")));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Sessions"));
    }

    [Fact]
    public async Task An_expired_pushed_request_is_reported_too()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters());
        var page = (await browser.GoAsync(
            $"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString(pushed["request_uri"]!)}")).AssertIs("/account/login");
        app.Clock.Advance(TimeSpan.FromHours(2));

        AssertOver(await browser.GoAsync(page.Address));
    }

    [Fact]
    public async Task The_code_page_and_the_consent_page_say_so()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var page = (await browser.SignInAsync(await browser.GoAsync(AppLogin.Partner(app).Address()))).AssertIs("/consent");
        app.Clock.Advance(TimeSpan.FromHours(2));

        AssertOver(await browser.SubmitAsync(page, ("answer", "yes")), "Partner", address: null);
        AssertOver(await browser.GoAsync(page.Address), "Partner", address: null);
        AssertOver(
            await browser.GoAsync(page.Address.Replace("/consent", "/account/code", StringComparison.Ordinal)), "Partner", address: null);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Type = 'permanent'"));
    }

    [Fact]
    public async Task A_successful_password_reset_leads_to_the_account_page_with_the_apps_button()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var login = await browser.GoAsync(AppLogin.Orders(app).Address());
        app.Clock.Advance(TimeSpan.FromMinutes(40));
        await browser.SubmitAsync(
            await browser.GoAsync(login.Address.Replace("/account/login", "/account/forgot", StringComparison.Ordinal)),
            ("userName", "alice"));
        var reset = await browser.GoAsync(await new Mailbox(app, "alice@example.test").NextLinkAsync("/account/reset"));
        app.Clock.Advance(TimeSpan.FromMinutes(40));

        var page = await browser.SubmitAsync(reset, ("new", "staple-battery-plum"));

        Assert.Contains("Continue to Orders", page.AssertIs("/account").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_out_page_left_open_still_signs_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);
        var page = await browser.GoAsync(
            "/connect/endsession?client_id=orders&post_logout_redirect_uri=https%3A%2F%2Forders.example%2Fbye");
        app.Clock.Advance(TimeSpan.FromHours(2));

        page = await browser.SubmitAsync(page.AssertIs("/account/logout"));

        Assert.Contains("You’re signed out", page.AssertIs("/account/logout").Text, StringComparison.Ordinal);
    }

    private static void AssertOver(BrowserPage page, string name = "Orders", string? address = "https://orders.example/")
    {
        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("This sign-in is finished or has expired", page.Text, StringComparison.Ordinal);
        Assert.True(address is null || page.Html.Contains($"href=\"{address}\"", StringComparison.Ordinal), name);
    }
}

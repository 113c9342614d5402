using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
public sealed class RpInitiatedLogoutTests
{
    private const string Bye = "https://orders.example/bye";

    [Fact]
    public async Task Section_2_With_the_ID_token_of_this_sign_in_the_user_is_not_asked_and_all_apps_are_signed_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        var other = (await reports.RedeemAsync(reports.CodeOf(await browser.GoAsync(reports.Address())))).AssertOk();

        var page = await browser.GoAsync(
            $"/connect/endsession?id_token_hint={answer["id_token"]}&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}&state=s1");

        Assert.Equal(Bye + "?state=s1", page.Location);
        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertRefused("login_required");
        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
        (await reports.Client.RefreshAsync(other.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndReason = 'signed_out'"));
    }

    [Fact]
    public async Task Section_2_Without_a_hint_the_user_is_asked_and_then_redirected()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var page =
            (await browser.GoAsync($"/connect/endsession?client_id=orders&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}&state=s2"))
                .AssertIs("/account/logout");
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));

        // The form goes to this server; the response then leads to the app.
        Assert.Contains("form-action 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(Bye + "?state=s2", (await browser.SubmitAsync(page)).Location);
        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertRefused("login_required");
    }

    [Fact]
    public async Task Section_4_A_hint_of_another_sign_in_signs_nobody_out_without_a_question()
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);
        using var bobs = new Browser(app);
        var hint = (await orders.RedeemAsync(await orders.CodeAsync(bobs, "bob", "correct-horse-birch"))).AssertOk()["id_token"]!;
        using var browser = new Browser(app);
        await orders.CodeAsync(browser);

        (await browser.GoAsync($"/connect/endsession?id_token_hint={hint}")).AssertIs("/account/logout");

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("https://orders.example/bye/")]
    [InlineData("https://orders.example/callback")]
    public async Task Section_3_An_unregistered_address_is_answered_with_a_page_and_no_redirect(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);

        var page = await browser.GoAsync($"/connect/endsession?client_id=orders&post_logout_redirect_uri={Uri.EscapeDataString(address)}");

        Assert.Null(page.Location);
        Assert.Contains("The app sent a request that doesn’t work", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL"));
    }

    [Fact]
    public async Task Without_an_address_the_page_says_that_the_user_is_signed_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);

        var page = await browser.SubmitAsync(await browser.GoAsync("/connect/endsession"));

        Assert.Contains("You’re signed out", page.AssertIs("/account/logout").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ends_elsewhere_signs_the_browser_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        await app.SqlAsync("UPDATE Users SET SecurityStamp = 'another'");

        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertRefused("login_required");
        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
    }
}

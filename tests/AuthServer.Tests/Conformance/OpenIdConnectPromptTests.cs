using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>
/// OpenID Connect Core 3.1.2.1, <c>prompt</c> and <c>max_age</c>. The server records whether the user has signed in, chosen an
/// account or consented for a request, and does not derive it from clocks. Time stands still in these tests unless they advance it.
/// </summary>
public sealed class OpenIdConnectPromptTests
{
    [Theory]
    [InlineData("prompt", "login", "/account/login")]
    [InlineData("max_age", "0", "/account/login")]
    [InlineData("prompt", "select_account", "/account/select")]
    [InlineData("prompt", "consent", "/consent")]
    public async Task A_request_in_the_instant_of_the_last_sign_in_still_asks(string parameter, string value, string page)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        partner.CodeOf(await browser.SubmitAsync(await browser.SignInAsync(await browser.GoAsync(partner.Address())), ("answer", "yes")));

        (await browser.GoAsync(partner.Address((parameter, value)))).AssertIs(page);
    }

    [Fact]
    public async Task A_long_time_on_the_consent_page_does_not_lead_to_another_password_prompt()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);

        var page = (await browser.SignInAsync(await browser.GoAsync(partner.Address(("max_age", "60"), ("prompt", "login consent")))))
            .AssertIs("/consent");
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.NotEmpty(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))));
    }

    [Fact]
    public async Task A_sign_in_for_another_request_does_not_count_for_this_one()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var first = await browser.SignInAsync(await browser.GoAsync(partner.Address(("prompt", "login"))));
        var mark = Uri.UnescapeDataString(first.AssertIs("/consent").Address).Split("progress=")[1].Split('&')[0];

        var second = await browser.GoAsync(partner.Address(("prompt", "login")));
        var back = Uri.UnescapeDataString(second.Address.Split("returnUrl=")[1].Split('&')[0]);

        (await browser.GoAsync(back + "&progress=" + mark)).AssertIs("/account/login");
        (await browser.GoAsync(back + "&progress=x")).AssertIs("/account/login");
    }

    [Fact]
    public async Task A_different_clock_on_another_node_changes_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var behind = AuthServerApp.Beside(app);
        behind.Clock.AdjustTime(app.Clock.GetUtcNow() - TimeSpan.FromSeconds(40));
        using var browser = new Browser(app);
        using var moved = new Browser(behind, cookies: browser.Cookies);
        var orders = AppLogin.Orders(app);

        // The request begins on one node, the user signs in on the other, and then the reverse.
        var page = await moved.SignInAsync(
            (await browser.GoAsync(orders.Address(("prompt", "login"), ("max_age", "30")))).AssertIs("/account/login"));
        Assert.NotEmpty(orders.CodeOf(page));
        page = (await moved.GoAsync(orders.Address(("prompt", "login")))).AssertIs("/account/login");
        Assert.NotEmpty(orders.CodeOf(await browser.SignInAsync(page)));
        (await moved.GoAsync(orders.Address(("prompt", "login")))).AssertIs("/account/login");
    }

    [Fact]
    public async Task No_token_has_an_auth_time_later_than_its_iat()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var behind = AuthServerApp.Beside(app);
        behind.Clock.AdjustTime(app.Clock.GetUtcNow() - TimeSpan.FromSeconds(40));
        using var browser = new Browser(app);
        using var moved = new Browser(behind, cookies: browser.Cookies);
        await browser.SignInAsync(await browser.GoAsync("/account"));

        var orders = AppLogin.Orders(behind);
        var there = (await orders.RedeemAsync(orders.CodeOf(await moved.GoAsync(orders.Address())))).AssertOk();
        var here = (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(there.RefreshToken)).AssertOk();

        var issued = Jwt.Read(there["id_token"]!);
        Assert.True(
            issued.Instant("auth_time") <= issued.Instant("iat"),
            $"auth_time {issued.Value("auth_time")} is after iat {issued.Value("iat")}");
        var access = Jwt.Read(there.AccessToken);
        Assert.True(access.Instant("auth_time") <= access.Instant("iat"));

        // OpenID Connect Core 12.2: auth_time is that of the sign-in, also on another node.
        Assert.Equal(issued.Value("auth_time"), Jwt.Read(here["id_token"]!).Value("auth_time"));
    }

    [Fact]
    public async Task A_repeated_sign_in_keeps_stay_signed_in_only_for_the_same_user()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var login = await browser.GoAsync(orders.Address());
        orders.CodeOf(
            await browser.SubmitAsync(login, ("userName", "alice"), ("password", "correct-horse-apple"), ("isRemembered", "true")));

        orders.CodeOf(await browser.SignInAsync(await browser.GoAsync(orders.Address(("prompt", "login")))));
        Assert.Contains("expires=", LastSession(browser), StringComparison.OrdinalIgnoreCase);
        app.Clock.Advance(TimeSpan.FromDays(29));
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));

        orders.CodeOf(await browser.SignInAsync(await browser.GoAsync(orders.Address(("prompt", "login"))), "bob", "correct-horse-birch"));
        Assert.DoesNotContain("expires=", LastSession(browser), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Prompt_create_begins_with_the_registration_and_then_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var metadata =
            JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative))).RootElement;
        Assert.Contains("create", metadata.GetProperty("prompt_values_supported").EnumerateArray().Select(value => value.GetString()));

        // A user who already has an account follows the link to the sign-in page.
        var page = (await browser.GoAsync(orders.Address(("prompt", "create")))).AssertIs("/account/register");
        var login = WebUtility.HtmlDecode(
            page.Html.Split("href=\"").Single(part => part.StartsWith("/account/login", StringComparison.Ordinal)).Split('"')[0]);
        Assert.NotEmpty(orders.CodeOf(await browser.SignInAsync(await browser.GoAsync(login))));
        (await browser.GoAsync(login + Uri.EscapeDataString("&denied=1"))).AssertIs("/account/login");

        page = (await browser.GoAsync(orders.Address(("prompt", "create")))).AssertIs("/account/register");
        await browser.SubmitAsync(page, ("email", "carol@example.test"));
        page = await browser.GoAsync(await new Mailbox(app, "carol@example.test").NextLinkAsync("/account/activate"));
        Assert.NotEmpty(orders.CodeOf(await browser.SubmitAsync(page, ("displayName", "Carol"), ("new", "staple-battery-plum"))));
    }

    [Fact]
    public async Task Prompt_create_is_unknown_if_registration_is_off()
    {
        await using var app = await AuthServerApp.StartAsync(("Account:Registration", "false"));
        using var browser = new Browser(app);
        var metadata = await app.Http.GetStringAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative));

        (await browser.GoAsync(AppLogin.Orders(app).Address(("prompt", "create")))).AssertRefused("invalid_request");

        Assert.DoesNotContain("\"create\"", metadata, StringComparison.Ordinal);
    }

    private static string LastSession(Browser browser) =>
        browser.SetCookies.Last(cookie => cookie.StartsWith("AuthServer.Session=", StringComparison.Ordinal));
}

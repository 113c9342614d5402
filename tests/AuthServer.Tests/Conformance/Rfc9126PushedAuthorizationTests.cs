using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9126, OAuth 2.0 Pushed Authorization Requests.</summary>
public sealed class Rfc9126PushedAuthorizationTests
{
    [Fact]
    public async Task Section_2_A_pushed_request_is_used_by_its_request_uri()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters());
        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        var page = await browser.SignInAsync(
            await browser.GoAsync($"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString(pushed["request_uri"]!)}"));

        (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
    }

    [Fact]
    public async Task Section_2_2_A_client_that_does_not_authenticate_pushes_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);

        (await app.Client("orders", "wrong-secret").PostAsync("/connect/par", orders.Parameters())).AssertRefused(
            "invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("code_challenge", null)]
    public async Task Section_2_3_A_wrong_request_is_refused_when_it_is_pushed(string parameter, string? value)
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);

        (await orders.Client.PostAsync("/connect/par", orders.Parameters((parameter, value)))).AssertRefused("invalid_request");
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "claims", """{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}""" },
        { "claims", "{" },
        { "max_age", "-1" },
        { "max_age", "soon" },
        { "prompt", "none login" },
        { "prompt", "dance" },
        { "code_challenge", "short" },
        { "code_challenge_method", "plain" },
        { "response_type", "token" },
        { "response_mode", "smoke" },
        { "scope", "nothing.of.ours" },
        { "scope", "reports.close" },
        { "resource", "https://other.example/" },
        { "id_token_hint", "e30.e30.e30" },
        { "request", "e30.e30." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Section_2_1_A_request_is_refused_as_at_the_authorization_endpoint(string parameter, string value)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var error = (await browser.GoAsync(orders.Address((parameter, value)))).AssertAt(orders.RedirectUri).Given["error"].ToString();

        (await orders.Client.PostAsync("/connect/par", orders.Parameters((parameter, value)))).AssertRefused(error);
    }

    [Fact]
    public async Task Section_2_2_A_pushed_request_expires_soon_but_a_sign_in_that_has_begun_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var (used, unused) = (await PushAsync(), await PushAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(80));
        var page = (await browser.GoAsync(used)).AssertIs("/account/login");
        app.Clock.Advance(TimeSpan.FromMinutes(50));

        var late = await browser.GoAsync(unused);
        page = await browser.SignInAsync(page);

        Assert.Equal((HttpStatusCode.BadRequest, null), (late.Status, late.Location));
        (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();

        async Task<string> PushAsync() =>
            "/connect/authorize?client_id=orders&request_uri="
            + Uri.EscapeDataString((await orders.Client.PostAsync("/connect/par", orders.Parameters()))["request_uri"]!);
    }

    [Theory]
    [InlineData("00:00:05", "5")]
    [InlineData("00:10:00", "600")]
    public async Task Section_2_2_A_setting_decides_how_long_a_pushed_request_lives(string setting, string seconds)
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:PushedRequestLifetime", setting));
        var orders = AppLogin.Orders(app);

        Assert.Equal(seconds, (await orders.Client.PostAsync("/connect/par", orders.Parameters()))["expires_in"]);
    }

    [Fact]
    public async Task Section_4_An_unknown_request_uri_gets_the_error_of_RFC_9101_7()
    {
        const string Name = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c";
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync($"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString(Name)}");
        var redirected = await browser.GoAsync(AppLogin.Orders(app).Address(("request_uri", Name)));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains(app.Log, line => line.Contains("\"Error\":\"invalid_request_uri\"", StringComparison.Ordinal));
        Assert.Contains("error=invalid_request_uri", redirected.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_4_A_request_uri_cannot_be_used_by_another_client_or_late()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters());
        var name = Uri.EscapeDataString(pushed["request_uri"]!);

        var foreign = await browser.GoAsync($"/connect/authorize?client_id=reports&request_uri={name}");
        app.Clock.Advance(TimeSpan.FromHours(2));
        var late = await browser.GoAsync($"/connect/authorize?client_id=orders&request_uri={name}");

        Assert.Equal((HttpStatusCode.BadRequest, null), (foreign.Status, foreign.Location));
        Assert.Equal((HttpStatusCode.BadRequest, null), (late.Status, late.Location));
    }
}

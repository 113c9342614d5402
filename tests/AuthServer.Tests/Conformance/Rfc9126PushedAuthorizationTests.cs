using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9126, OAuth 2.0 Pushed Authorization Requests.</summary>
public sealed class Rfc9126PushedAuthorizationTests
{
    [Fact]
    public async Task Section_2_A_pushed_request_is_used_by_its_name()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters());
        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        var page = await browser.SignInAsync(await browser.GoAsync($"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString(pushed["request_uri"]!)}"));

        (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
    }

    [Fact]
    public async Task Section_2_2_A_client_that_does_not_authenticate_pushes_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        var orders = AppLogin.Orders(app);

        (await app.Client("orders", "wrong-secret").PostAsync("/connect/par", orders.Parameters())).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
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

    [Fact]
    public async Task Section_2_2_A_pushed_request_lives_for_a_moment_and_a_sign_in_that_has_begun_goes_on()
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
            $"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString((await orders.Client.PostAsync("/connect/par", orders.Parameters()))["request_uri"]!)}";
    }

    [Theory]
    [InlineData("00:00:05", "5")]
    [InlineData("00:10:00", "600")]
    public async Task Section_2_2_How_long_is_a_setting(string setting, string seconds)
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:PushedRequestLifetime", setting));
        var orders = AppLogin.Orders(app);

        Assert.Equal(seconds, (await orders.Client.PostAsync("/connect/par", orders.Parameters()))["expires_in"]);
    }

    [Fact]
    public async Task Section_4_Another_client_cannot_use_the_name_nor_can_it_be_used_late()
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

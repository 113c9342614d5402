using System.Net;
using AuthServer.Clients;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 8252, OAuth 2.0 for Native Apps: the loopback address, 7.3 and 8.3.</summary>
public sealed class Rfc8252NativeAppTests
{
    [Theory]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:80/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:65535/callback")]
    [InlineData("http://127.0.0.1:8400/callback", "http://127.0.0.1:8401/callback")]
    [InlineData("http://[::1]/callback", "http://[::1]:51004/callback")]
    [InlineData("http://localhost/callback?a=1", "http://localhost:51004/callback?a=1")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:51004")]
    public void Section_7_3_Any_port_will_do(string registered, string asked) =>
        Assert.True(LoopbackAddress.DifferInPortOnly(registered, asked));

    [Theory]
    [InlineData("http://127.0.0.1/callback", "http://127.1:51004/callback")]
    [InlineData("http://127.0.0.1/callback", "http://2130706433:51004/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51004/./callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51004/x/../callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:51004/%63allback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:080/callback")]
    [InlineData("http://127.0.0.1/callback", "http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1/callback", "http://localhost:51004/callback")]
    [InlineData("http://localhost/callback", "http://LOCALHOST:51004/callback")]
    [InlineData("http://localhost/callback", "http://localhost.evil.example:51004/callback")]
    [InlineData("http://localhost/callback", "http://localhost:51004@evil.example/callback")]
    [InlineData("http://127.0.0.1/callback", "https://127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:51004/")]
    [InlineData("https://app.example/callback", "https://app.example:8443/callback")]
    public void Section_8_3_The_rest_is_compared_exactly(string registered, string asked) =>
        Assert.False(LoopbackAddress.DifferInPortOnly(registered, asked));

    [Fact]
    public async Task Section_7_3_A_native_app_signs_in_with_the_port_that_it_has_got()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var phone = new AppLogin(app, "phone", secret: null, "http://127.0.0.1:51004/callback");

        var page = await browser.SignInAsync(await browser.GoAsync(phone.Address(("scope", "openid"))));

        (await phone.RedeemAsync(phone.CodeOf(page))).AssertOk();
    }

    [Fact]
    public async Task Section_7_1_The_policy_of_the_page_allows_a_form_post_to_a_private_scheme()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var phone = new AppLogin(app, "phone", secret: null, "com.example.phone:/callback");

        var page = await browser.SignInAsync(await browser.GoAsync(phone.Address(("scope", "openid"), ("response_mode", "form_post"))));

        Assert.Contains("action=\"com.example.phone:/callback\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("phone", "http://127.1:51004/callback")]
    [InlineData("phone", "http://localhost:51004/callback")]
    [InlineData("orders", "https://orders.example:8443/callback")]
    public async Task Section_8_3_Another_address_is_answered_with_a_page_and_no_redirect(string client, string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(new AppLogin(app, client, secret: null, address).Address(("scope", "openid")));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
    }
}

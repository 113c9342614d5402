using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Core 1.0: authorization requests, well-formed and malformed.</summary>
public sealed class OpenIdConnectRequestTests
{
    [Theory]
    [InlineData("scope", "openid reports.close", "invalid_scope")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("max_age", "abc", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("response_type", "", "invalid_request")]
    [InlineData("response_type", "foo", "unsupported_response_type")]
    [InlineData("response_mode", "foo", "invalid_request")]
    [InlineData("code_challenge", "abc", "invalid_request")]
    [InlineData("request", "eyJ", "request_not_supported")]
    [InlineData("resource", "https://unknown.example", "invalid_target")]
    public async Task Section_3_1_2_6_Other_errors_go_back_to_the_app_with_its_state_before_anybody_signs_in(
        string parameter, string value, string error)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        (await browser.GoAsync(orders.Address((parameter, value)))).AssertAt(orders.RedirectUri).AssertRefused(error);
    }

    [Theory]
    [InlineData("max_age=1&max_age=2", true)]
    [InlineData("nonce=another", true)]
    [InlineData("state=another", false)]
    public async Task Rfc6749_Section_3_1_A_repeated_parameter_is_refused_at_both_endpoints(string parameter, bool hasState)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var refused = (await browser.GoAsync(orders.Address() + "&" + parameter)).AssertAt(orders.RedirectUri);
        var twice = parameter.Split('&').Select(part => part.Split('=')).Select(part => (part[0], part[1]));

        Assert.Equal("invalid_request", refused.Given["error"]);
        Assert.Equal(hasState, refused.Given.ContainsKey("state"));
        (await orders.Client.PostAsync("/connect/par", [.. orders.Parameters(), .. twice])).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task Any_sign_in_satisfies_the_largest_possible_max_age()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("max_age", "99999999999999")))));
    }

    [Fact]
    public async Task A_scope_that_the_client_is_not_registered_for_is_an_invalid_scope()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var foreignScope = ("scope", "openid notes.write");

        (await browser.GoAsync(partner.Address(foreignScope))).AssertAt(partner.RedirectUri).AssertRefused("invalid_scope");
        (await partner.Client.PostAsync("/connect/par", partner.Parameters(foreignScope))).AssertRefused("invalid_scope");
    }

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://orders.example/callback/")]
    [InlineData("redirect_uri", "https://orders.example/callback?x=1")]
    [InlineData("redirect_uri", "https://orders.example/callback#x")]
    [InlineData("redirect_uri", "https://orders.example.evil.example/callback")]
    [InlineData("redirect_uri", "https://orders.example@evil.example/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "/callback")]
    public async Task Section_3_1_2_1_A_wrong_redirect_uri_is_answered_with_a_page_and_no_redirect(string parameter, string value)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);

        var page = await browser.GoAsync(AppLogin.Orders(app).Address((parameter, value)));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("The app sent a request that doesn’t work", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_response_comes_in_the_fragment_or_as_a_form_if_requested()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var fragment = await browser.GoAsync(orders.Address(("response_mode", "fragment")));
        var form = await browser.GoAsync(orders.Address(("response_mode", "form_post"), ("ui_locales", "ko")));

        Assert.Contains("<html lang=\"ko\">", form.Html, StringComparison.Ordinal);
        Assert.Contains("<noscript><h1>계속</h1><button>계속", WebUtility.HtmlDecode(form.Html), StringComparison.Ordinal);
        Assert.StartsWith(orders.RedirectUri + "#", fragment.Location, StringComparison.Ordinal);
        Assert.NotEmpty(fragment.Given["code"].ToString());
        Assert.Contains("action=\"https://orders.example/callback\"", form.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"code\"", form.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", form.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("strict-origin", form.Headers.GetValues("Referrer-Policy").Single());
        (await browser.GoAsync(orders.Address(("response_mode", "web_message"))))
            .AssertAt(orders.RedirectUri).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task Section_3_1_2_1_A_request_may_be_a_form()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var page = await browser.PostAsync(
            "/connect/authorize", orders.Parameters().Select(entry => KeyValuePair.Create(entry.Name, entry.Value)));

        (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
    }
}

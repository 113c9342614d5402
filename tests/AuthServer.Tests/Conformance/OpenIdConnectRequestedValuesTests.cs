using AuthServer.Tests.Account;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Core 1.0, 5.5.1: values that are requested for <c>sub</c> and <c>acr</c>.</summary>
public sealed class OpenIdConnectRequestedValuesTests
{
    [Theory]
    [InlineData("id_token", "value")]
    [InlineData("id_token", "values")]
    [InlineData("userinfo", "value")]
    public async Task Section_5_5_1_A_requested_sub_must_be_the_signed_in_user_or_must_sign_in(string where, string member)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var bob = (await app.TextAsync("SELECT Id FROM Users WHERE UserName = 'bob'")).ToLowerInvariant();
        var value = member is "value" ? $"\"{bob}\"" : $"[\"{Guid.CreateVersion7()}\",\"{bob}\"]";
        var claims = ("claims", $"{{\"{where}\":{{\"sub\":{{\"{member}\":{value}}}}}}}");
        await orders.CodeAsync(browser);

        (await browser.GoAsync(orders.Address(claims, ("prompt", "none")))).AssertRefused("login_required");
        var page = (await browser.GoAsync(orders.Address(claims))).AssertIs("/account/login");

        // Another user who signs in is refused, not asked again without end.
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        (await browser.SignInAsync(page)).AssertRefused("login_required");
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        page = (await browser.GoAsync(orders.Address(claims))).AssertIs("/account/login");
        var answer = (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page, "bob", "correct-horse-birch")))).AssertOk();
        Assert.Equal(bob, Jwt.Read(answer["id_token"]!).Value("sub"));
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(claims, ("prompt", "none")))));
    }

    [Theory]
    [InlineData("\"value\":\"aal2\"")]
    [InlineData("\"values\":[\"phr\",\"aal2\"]")]
    public async Task Section_5_5_1_1_An_essential_acr_is_a_step_up(string member)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var claims = ("claims", $"{{\"id_token\":{{\"acr\":{{\"essential\":true,{member}}}}}}}");
        await orders.CodeAsync(browser);

        (await browser.GoAsync(orders.Address(claims))).AssertRefused("unmet_authentication_requirements");
        await TwoStepTests.TurnOnAsync(app, browser);
        var answer = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address(claims))))).AssertOk();

        Assert.Equal("aal2", Jwt.Read(answer["id_token"]!).Value("acr"));
    }

    [Fact]
    public async Task Section_5_5_1_1_After_a_stronger_sign_in_the_ID_token_has_one_of_the_essential_values()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);
        await TwoStepTests.TurnOnAsync(app, browser);

        var page =
            await browser.GoAsync(orders.Address(("claims", """{"id_token":{"acr":{"essential":true,"values":["urn:other","aal1"]}}}""")));
        var answer = (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
        var refreshed = (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertOk();

        foreach (var one in new[] { answer, refreshed })
        {
            Assert.Equal("aal1", Jwt.Read(one["id_token"]!).Value("acr"));
            Assert.Equal("aal2", Jwt.Read(one.AccessToken).Value("acr"));
            Assert.DoesNotContain("asked_acr", Jwt.Read(one["id_token"]!).Claims.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"essential":true,"values":["urn:other"]}""", true)]
    [InlineData("""{"essential":true,"value":5}""", true)]
    [InlineData("""{"values":["urn:other"]}""", false)]
    [InlineData("""{"essential":true}""", false)]
    [InlineData("null", false)]
    public async Task Section_5_5_1_1_An_acr_unknown_to_this_server_is_refused_only_if_it_is_essential(string acr, bool isRefused)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.CodeAsync(browser);

        var page =
            await browser.GoAsync(orders.Address(("claims", "{\"id_token\":{\"acr\":" + acr + ",\"auth_time\":{\"essential\":true}}}")));

        if (isRefused)
        {
            page.AssertRefused("unmet_authentication_requirements");
            return;
        }

        var identity = Jwt.Read((await orders.RedeemAsync(orders.CodeOf(page))).AssertOk()["id_token"]!);
        Assert.Equal("aal1", identity.Value("acr"));
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeSeconds(), identity.Instant("auth_time").ToUnixTimeSeconds());
    }
}

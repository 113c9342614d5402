using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Core 1.0, 5.5: claims that are requested by name.</summary>
public sealed class OpenIdConnectClaimsParameterTests
{
    private const string Bare = "openid offline_access notes.read";

    [Fact]
    public async Task Section_5_5_A_claim_appears_where_it_was_requested_and_nowhere_else()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var answer = await SignInAsync(
            orders,
            browser,
            """{"id_token":{"email":null,"email_verified":{"essential":true},"shoe_size":null},"userinfo":{"name":null,"given_name":{"essential":true}}}""");

        var identity = Jwt.Read(answer["id_token"]!);
        Assert.Equal("alice@example.test", identity.Value("email"));
        Assert.True(identity.Claims.GetProperty("email_verified").GetBoolean());
        Assert.Empty(identity.Values("name"));
        Assert.Empty(Jwt.Read(answer.AccessToken).Values("email"));
        Assert.Equal(["sub", "name"], await UserInfoAsync(orders, answer));
    }

    [Fact]
    public async Task Section_5_5_A_claim_whose_scope_was_requested_too_appears_as_with_the_scope()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var answer = await SignInAsync(
            orders, browser, """{"id_token":{"email":null,"role":null}}""", "openid email", "ada", "correct-horse-cedar");

        Assert.Equal("ada@example.test", Jwt.Read(answer.AccessToken).Value("email"));
        Assert.Equal(["admin"], Jwt.Read(answer["id_token"]!).Values("role"));
        Assert.Empty(Jwt.Read(answer.AccessToken).Values("role"));
        Assert.Equal(["sub", "email", "email_verified"], await UserInfoAsync(orders, answer));
    }

    [Fact]
    public async Task A_requested_claim_survives_refreshes_with_its_new_value_and_a_sign_in_without_the_request_has_none()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = await SignInAsync(orders, browser, """{"id_token":{"email":null},"userinfo":{"preferred_username":null}}""");
        await app.SqlAsync("UPDATE Users SET Email = 'new@example.test' WHERE UserName = 'alice'");

        var once = (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertOk();
        var twice = (await orders.Client.RefreshAsync(once.RefreshToken, ("scope", "openid"))).AssertOk();

        Assert.Equal("new@example.test", Jwt.Read(once["id_token"]!).Value("email"));
        Assert.Equal("new@example.test", Jwt.Read(twice["id_token"]!).Value("email"));
        Assert.Equal(["sub", "preferred_username"], await UserInfoAsync(orders, twice));
        var other = (await orders.RedeemAsync(orders.CodeOf(await browser.GoAsync(orders.Address(("scope", Bare)))))).AssertOk();
        Assert.Empty(Jwt.Read(other["id_token"]!).Values("email"));
        Assert.Equal(["sub"], await UserInfoAsync(orders, other));
    }

    [Fact]
    public async Task A_client_gets_no_claim_that_its_scopes_do_not_cover_or_no_longer_cover()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var reports = AppLogin.Reports(app);

        var answer = await SignInAsync(
            reports,
            browser,
            """{"id_token":{"role":{"essential":true},"email":null},"userinfo":{"role":null,"email":null}}""",
            userName: "ada",
            password: "correct-horse-cedar");

        Assert.Empty(Jwt.Read(answer["id_token"]!).Values("role"));
        Assert.Equal(["sub", "email"], await UserInfoAsync(reports, answer));

        await app.SqlAsync("UPDATE Clients SET Permissions = REPLACE(Permissions, '\"scp:email\",', '') WHERE ClientId = 'reports'");
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["sub"], await UserInfoAsync(reports, answer));
        Assert.Empty(Jwt.Read((await reports.Client.RefreshAsync(answer.RefreshToken)).AssertOk()["id_token"]!).Values("email"));
    }

    [Fact]
    public async Task A_pushed_request_may_contain_the_claims_parameter()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        var pushed = await orders.Client.PostAsync(
            "/connect/par", orders.Parameters(("scope", "openid"), ("claims", """{"id_token":{"email":null}}""")));
        var page = await browser.SignInAsync(
            await browser.GoAsync($"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString(pushed["request_uri"]!)}"));

        Assert.Equal(
            "alice@example.test", Jwt.Read((await orders.RedeemAsync(orders.CodeOf(page))).AssertOk()["id_token"]!).Value("email"));
    }

    [Fact]
    public async Task Without_openid_the_claims_parameter_has_no_effect()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        await SignInAsync(orders, browser, """{"userinfo":{"email":null}}""", "notes.read");

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Properties IS NOT NULL"));
    }

    [Fact]
    public async Task The_consent_page_and_the_list_of_connected_apps_name_the_requested_claims()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var plain = partner.Address(("scope", "openid notes.read"));
        var page = (await browser.SignInAsync(await browser.GoAsync(plain))).AssertIs("/consent");
        Assert.DoesNotContain("See your name", page.Text, StringComparison.Ordinal);
        partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes")));

        var named = partner.Address(("scope", "openid notes.read"), ("claims", """{"userinfo":{"name":null,"email":null}}"""));
        page = (await browser.GoAsync(named)).AssertIs("/consent");
        Assert.Contains("See your name", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("email", page.Text, StringComparison.Ordinal);
        Assert.Empty(await NamesOfConnectedAsync());
        var answer = (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))))).AssertOk();

        Assert.Equal(["sub", "name"], await UserInfoAsync(partner, answer));
        Assert.NotEmpty(partner.CodeOf(await browser.GoAsync(named + "&prompt=none")));
        Assert.NotEmpty(await NamesOfConnectedAsync());

        async Task<string> NamesOfConnectedAsync()
        {
            var text = (await browser.GoAsync("/account/manage/apps")).Text;
            return text.Contains("See your name", StringComparison.Ordinal) ? text : "";
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"email\"")]
    [InlineData("""{"id_token":["email"]}""")]
    [InlineData("""{"id_token":"email"}""")]
    [InlineData("""{"userinfo":{"email":true}}""")]
    [InlineData("""{"userinfo":{"email":{"essential":"yes"}}}""")]
    [InlineData("""{"userinfo":{"email":{"values":"a"}}}""")]
    [InlineData("""{"userinfo":{"email":null,"email":null}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    public async Task Malformed_claims_are_an_invalid_request_which_is_returned_to_the_client(string claims)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        (await browser.GoAsync(orders.Address(("claims", claims)))).AssertAt(orders.RedirectUri).AssertRefused("invalid_request");
        (await orders.Client.PostAsync("/connect/par", orders.Parameters(("claims", claims)))).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task A_claims_parameter_that_is_too_long_is_refused_with_the_limit()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        static string Claims(int length) =>
            """{"id_token":{"a":{"value":"xx"}}}""".Replace("xx", new string('x', length - 31), StringComparison.Ordinal);

        var refused = (await browser.GoAsync(orders.Address(("claims", Claims(4001))))).AssertRefused("invalid_request");
        Assert.Contains("longer than 4000", refused.Given["error_description"].ToString(), StringComparison.Ordinal);
        (await orders.Client.PostAsync("/connect/par", orders.Parameters(("claims", Claims(4001))))).AssertRefused("invalid_request");
        (await browser.GoAsync(orders.Address(("claims", Claims(4000))))).AssertIs("/account/login");
    }

    [Fact]
    public async Task Discovery_announces_the_claims_parameter()
    {
        await using var app = await AuthServerApp.StartAsync();

        var metadata = JsonDocument.Parse(await app.Http.GetStringAsync("/.well-known/openid-configuration")).RootElement;

        Assert.True(metadata.GetProperty("claims_parameter_supported").GetBoolean());
        var known = metadata.GetProperty("claims_supported").EnumerateArray().Select(claim => claim.GetString()!).ToList();
        Assert.Superset(
            new HashSet<string> { "sub", "name", "preferred_username", "email", "email_verified", "role", "acr", "amr", "auth_time" },
            known.ToHashSet());
    }

    private static async Task<Answer> SignInAsync(
        AppLogin login, Browser browser, string claims, string scope = Bare, string userName = "alice",
        string password = "correct-horse-apple")
    {
        var page = await browser.GoAsync(login.Address(("scope", scope), ("claims", claims)));
        return (await login.RedeemAsync(login.CodeOf(await browser.SignInAsync(page, userName, password)))).AssertOk();
    }

    private static async Task<string[]> UserInfoAsync(AppLogin login, Answer answer) =>
        [.. (await login.Client.UserInfoAsync(answer.AccessToken)).AssertOk().Json.EnumerateObject().Select(member => member.Name)];
}

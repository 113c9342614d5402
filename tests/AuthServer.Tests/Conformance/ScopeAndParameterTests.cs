using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>
/// RFC 6749 3.1 to 3.3 and 5.1, OpenID Connect Core 3.1.2.1: unknown parameters and scopes, and the members of a response.
/// </summary>
public sealed class ScopeAndParameterTests
{
    [Fact]
    public async Task Rfc6749_3_2_The_scope_of_a_redemption_and_an_audience_are_ignored()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.SignInAsync(
            await browser.GoAsync(orders.Address(("audience", "https://api.example"), ("connection", "x"))));

        var answer = (await orders.RedeemAsync(orders.CodeOf(page), ("scope", "openid notes.write"), ("audience", "https://api.example")))
            .AssertOk();
        (await orders.Client.RefreshAsync(answer.RefreshToken, ("audience", "https://api.example"), ("unknown", "x"))).AssertOk();

        Assert.Equal("notes.read offline_access openid profile", Sorted(answer["scope"]));
    }

    [Fact]
    public async Task OpenID_Connect_3_1_2_1_An_unknown_scope_is_ignored_and_not_in_the_response()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters(("scope", "openid made.up")));
        var page = await browser.SignInAsync(await browser.GoAsync(orders.Address(("scope", "openid made.up notes.read"))));

        var code = (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
        var password = (await orders.Client.SignInAsync("alice", "correct-horse-apple", "made.up notes.read")).AssertOk();
        var own = (await app.Client("nightly-job", "nightly-job-demo-secret").ActForItselfAsync("notes.read made.up")).AssertOk();

        Assert.NotNull(pushed["request_uri"]);
        Assert.Equal("notes.read openid", Sorted(code["scope"]));
        Assert.Equal("notes.read", password["scope"]);
        Assert.Equal("notes.read", own["scope"]);
    }

    [Fact]
    public async Task Rfc6749_5_2_The_refusal_names_a_scope_that_the_app_may_not_have()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var reports = AppLogin.Reports(app);

        var page = (await browser.GoAsync(reports.Address(("scope", "openid notes.write")))).AssertRefused("invalid_scope");
        var pushed = (await reports.Client.PostAsync("/connect/par", reports.Parameters(("scope", "openid notes.write"))))
            .AssertRefused("invalid_scope");

        Assert.Contains("notes.write", page.Given["error_description"].ToString(), StringComparison.Ordinal);
        Assert.Contains("notes.write", pushed["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rfc6749_5_1_The_response_has_the_scope_and_the_configured_lifetime()
    {
        await using var app = await AuthServerApp.StartAsync();
        app.Clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds((app.Clock.GetUtcNow().ToUnixTimeSeconds() * 1000) + 1900));
        var orders = AppLogin.Orders(app);

        var answer = (await orders.Client.SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertOk();
        var device = (await app.Client("console").PostAsync("/connect/device", ("scope", "openid"))).AssertOk();
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters());

        Assert.Equal(("3600", "notes.read"), (answer["expires_in"], answer["scope"]));
        Assert.Equal("600", device["expires_in"]);
        Assert.Equal("90", pushed["expires_in"]);
    }

    [Fact]
    public async Task A_user_without_roles_has_no_role_claim()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        Assert.Null((await client.UserInfoAsync(answer.AccessToken)).AssertOk()["role"]);
        Assert.Empty(Jwt.Read(answer.AccessToken).Values("role"));
        Assert.Empty(Jwt.Read(answer["id_token"]!).Values("role"));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789012345678901234567890123456789012+")]
    public async Task Rfc7636_4_1_A_malformed_code_verifier_is_invalid_grant(string verifier)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        var code = orders.CodeOf(await browser.SignInAsync(await browser.GoAsync(orders.Address(("code_challenge", challenge)))));

        (await orders.Client.TokenAsync(
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", orders.RedirectUri), ("code_verifier", verifier)))
            .AssertRefused("invalid_grant");
    }

    private static string Sorted(string? scope) => string.Join(' ', scope!.Split(' ').Order(StringComparer.Ordinal));
}

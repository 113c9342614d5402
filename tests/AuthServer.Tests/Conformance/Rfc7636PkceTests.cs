using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7636, Proof Key for Code Exchange.</summary>
public sealed class Rfc7636PkceTests
{
    [Theory]
    [InlineData("orders", "https://orders.example/callback")]
    [InlineData("phone", "com.example.phone:/callback")]
    public async Task Section_4_4_1_A_request_without_a_challenge_is_refused_for_confidential_clients_too(string client, string redirectUri)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var login = new AppLogin(app, client, null, redirectUri);

        var page = await browser.GoAsync(login.Address(("scope", "openid"), ("code_challenge", null), ("code_challenge_method", null)));

        page.AssertAt(redirectUri).AssertRefused("invalid_request");
    }

    [Fact]
    public async Task A_client_registered_without_PKCE_may_omit_it()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var old = new AppLogin(app, "old-app", "old-app-demo-secret", "https://old.example/callback");

        var page = await browser.SignInAsync(
            await browser.GoAsync(old.Address(("scope", "openid"), ("code_challenge", null), ("code_challenge_method", null))));

        (await old.Client.TokenAsync(("grant_type", "authorization_code"), ("code", old.CodeOf(page)), ("redirect_uri", old.RedirectUri)))
            .AssertOk();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData(null)]
    [InlineData("s256")]
    public async Task Section_4_3_Only_S256_is_accepted(string? method)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);

        (await browser.GoAsync(orders.Address(("code_challenge_method", method)))).AssertAt(orders.RedirectUri)
            .AssertRefused("invalid_request");
    }

    [Theory]
    [InlineData("another-verifier-that-is-long-enough-for-the-rule")]
    [InlineData("")]
    public async Task Section_4_6_A_wrong_verifier_is_refused(string verifier)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);

        var answer = await orders.Client.TokenAsync(
            [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", orders.RedirectUri),
                .. verifier.Length > 0 ? new[] { ("code_verifier", verifier) } : [],
            ]);

        answer.AssertRefused(verifier.Length > 0 ? "invalid_grant" : "invalid_request");
    }

    [Theory]
    [InlineData("http://127.0.0.1:51234/callback", true)]
    [InlineData("http://127.0.0.1:51234/other", false)]
    [InlineData("http://localhost:51234/callback", false)]
    [InlineData("http://127.0.0.1.evil.example:51234/callback", false)]
    public async Task Rfc_8252_Section_7_3_A_native_app_may_listen_on_any_port_of_the_loopback_address(string redirectUri, bool isTaken)
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var phone = new AppLogin(app, "phone", null, redirectUri);

        var page = await browser.GoAsync(phone.Address(("scope", "openid offline_access notes.read")));

        Assert.Equal(isTaken ? "/account/login" : "/connect/authorize", page.Path);
        if (isTaken)
        {
            (await phone.RedeemAsync(phone.CodeOf(await browser.SignInAsync(page)))).AssertOk();
        }
    }
}

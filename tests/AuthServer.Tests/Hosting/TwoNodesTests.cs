using System.Net;
using AuthServer.Clients;
using AuthServer.Tests.Account;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Hosting;

/// <summary>
/// Two nodes behind a proxy that sends each request to the next node. So each step that one node begins is continued by the other.
/// </summary>
public sealed class TwoNodesTests
{
    [Theory]
    [InlineData("sign in, after a wrong password", HttpStatusCode.BadRequest)]
    [InlineData("activate")]
    [InlineData("reset")]
    [InlineData("email change, by its link")]
    [InlineData("select")]
    [InlineData("device, done")]
    [InlineData("signed out, with a frame of an app")]
    [InlineData("recovery codes")]
    [InlineData("connected apps")]
    public async Task Every_page_is_reached(string name, HttpStatusCode status = HttpStatusCode.OK)
    {
        await using var app = await AuthServerApp.WithSecondNodeAsync();
        using var browser = new Browser(app);

        var page = await Scene.Pages[name](new Scene(app, browser));

        Assert.Equal((status, null), (page.Status, page.Location));
        Assert.True(page.Path is not "/account/login" || status is HttpStatusCode.BadRequest, page.Text);
    }

    [Fact]
    public async Task A_sign_in_with_a_second_factor_and_consent_ends_in_tokens_and_signing_out_ends_them()
    {
        await using var app = await AuthServerApp.WithSecondNodeAsync();
        using var first = new Browser(app);
        var (totp, _) = await TwoStepTests.TurnOnAsync(app, first);
        app.AdvanceClocks(TimeSpan.FromMinutes(2));
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);

        var page = (await browser.SignInAsync(await browser.GoAsync(partner.Address()))).AssertIs("/account/code");
        page = (await browser.SubmitAsync(page, ("code", totp.ComputeTotp(app.Clock.GetUtcNow().UtcDateTime)))).AssertIs("/consent");
        var tokens = (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))))).AssertOk();
        for (var count = 0; count < 3; count++)
        {
            tokens = (await partner.Client.RefreshAsync(tokens.RefreshToken)).AssertOk();
            Assert.Equal("True", (await partner.Client.IntrospectAsync(tokens.AccessToken))["active"]);
        }

        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));

        (await browser.GoAsync("/account")).AssertIs("/account/login");
        (await partner.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await partner.Client.IntrospectAsync(tokens.AccessToken))["active"]);
    }

    [Fact]
    public async Task A_passkey_and_a_device_begin_on_one_node_and_end_on_the_other()
    {
        await using var app = await AuthServerApp.WithSecondNodeAsync();
        using var browser = new Browser(app);
        using var passkey = new VirtualAuthenticator();
        await browser.AddPasskeyAsync(passkey);
        using var other = new Browser(app);
        (await other.SignInAsync(await other.GoAsync("/account/login"), passkey)).AssertIs("/account");

        var console = app.Client("console");
        var begun = (await console.PostAsync("/connect/device", ("scope", "openid offline_access notes.read"))).AssertOk();
        Task<Answer> PollAsync() =>
            console.TokenAsync(("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", begun["device_code"]!));
        (await PollAsync()).AssertRefused("authorization_pending");
        await other.SubmitAsync((await other.GoAsync(begun["verification_uri_complete"]!)).AssertIs("/device"), ("answer", "yes"));
        app.AdvanceClocks(TimeSpan.FromSeconds(6));
        (await PollAsync()).AssertOk();
    }

    [Fact]
    public async Task On_both_nodes_a_locked_user_is_out_at_once_and_a_disabled_or_changed_app_within_ten_seconds()
    {
        await using var app = await AuthServerApp.WithSecondNodeAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var tokens = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        for (var node = 0; node < 2; node++)
        {
            (await reports.Client.SignInAsync("bob", "correct-horse-birch", "notes.read")).AssertOk();
        }

        (await cli.RunAsync("user", "lock", "alice")).AssertOk();
        for (var node = 0; node < 2; node++)
        {
            (await browser.GoAsync("/account")).AssertIs("/account/login");
            (await orders.Client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
            (await orders.Client.SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertRefused("invalid_grant");
        }

        (await cli.RunAsync("client", "disable", Seed.Orders)).AssertOk();
        (await cli.RunAsync("apply", cli.Write("p.yaml", Changed))).AssertOk();
        app.AdvanceClocks(ClientCache.Lifetime);
        for (var node = 0; node < 2; node++)
        {
            (await orders.Client.SignInAsync("bob", "correct-horse-birch", "notes.read")).AssertRefused(
                "invalid_client", HttpStatusCode.Unauthorized);
            (await reports.Client.SignInAsync("bob", "correct-horse-birch", "notes.read")).AssertRefused("invalid_scope");
        }
    }

    private const string Changed = """
        apps:
          - id: reports
            secret: plain:reports-demo-secret
            grants: [authorization_code, password, refresh_token]
            redirect_uris: ["https://reports.example/callback"]
            scopes: [openid]
        """;
}

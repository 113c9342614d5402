using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Back-Channel Logout 1.0.</summary>
public sealed class BackChannelLogoutTests
{
    [Fact]
    public async Task Section_2_4_The_logout_token_names_the_session_and_is_signed_by_a_published_key()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var identity = Jwt.Read((await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk()["id_token"]!);

        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        var token = await receiver.NextAsync();

        Assert.Equal(("logout+jwt", "RS256"), (token.Header.GetProperty("typ").GetString(), token.Header.GetProperty("alg").GetString()));
        Assert.Contains(
            token.Header.GetProperty("kid").GetString()!,
            await app.Http.GetStringAsync(new Uri("/.well-known/jwks", UriKind.Relative)),
            StringComparison.Ordinal);
        Assert.Equal(("http://localhost:8400/", "orders"), (token.Value("iss"), token.Value("aud")));
        Assert.Equal((identity.Value("sub"), identity.Value("sid")), (token.Value("sub"), token.Value("sid")));
        Assert.Equal(TimeSpan.FromMinutes(2), token.Instant("exp") - token.Instant("iat"));
        Assert.True(token.Claims.GetProperty("events").TryGetProperty("http://schemas.openid.net/event/backchannel-logout", out _));
        Assert.NotEmpty(token.Value("jti"));
        Assert.False(token.Claims.TryGetProperty("nonce", out _));
    }

    [Fact]
    public async Task Section_2_Every_app_of_the_session_is_notified_and_no_other()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var ofOrders = await LogoutReceiver.OfAsync(app, "orders");
        using var ofReports = await LogoutReceiver.OfAsync(app, "reports");
        using var ofPartner = await LogoutReceiver.OfAsync(app, "partner");
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        (await reports.RedeemAsync(reports.CodeOf(await browser.GoAsync(reports.Address())))).AssertOk();

        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));

        Assert.Equal((await ofOrders.NextAsync()).Value("sid"), (await ofReports.NextAsync()).Value("sid"));
        Assert.Empty(ofPartner.Tokens);
        await UntilAsync(async () => await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices") is 0);
    }

    [Fact]
    public async Task Apps_are_also_notified_if_an_operator_the_account_page_or_a_reused_token_ends_the_session()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal(Jwt.Read(first.AccessToken).Value("sid"), (await receiver.NextAsync()).Value("sid"));

        var second = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        using var browser = new Browser(app);
        var page = await browser.SignInAsync(await browser.GoAsync("/account/manage/sessions"));
        await browser.SubmitAsync(page, ("others", "true"));
        Assert.Equal(Jwt.Read(second.AccessToken).Value("sid"), (await receiver.NextAsync()).Value("sid"));
    }

    [Fact]
    public async Task A_call_to_an_unreachable_app_is_retried_and_logged()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        receiver.Status = HttpStatusCode.BadGateway;
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.RedeemAsync(await orders.CodeAsync(browser));
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        var first = await receiver.NextAsync();
        await UntilAsync(() => Task.FromResult(app.Log.Any(
            line => line.Contains("could not be told", StringComparison.Ordinal) && line.Contains("502", StringComparison.Ordinal))));

        receiver.Status = HttpStatusCode.OK;
        var second = await receiver.NextAsync(passing: app);

        Assert.Equal(first.Value("sid"), second.Value("sid"));
        Assert.NotEqual(first.Value("jti"), second.Value("jti"));
        await UntilAsync(async () => await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices") is 0);
    }

    [Fact]
    public async Task Calls_to_an_app_that_stays_away_end_after_a_day_with_an_error_in_the_log()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        receiver.Status = HttpStatusCode.Found;
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await orders.RedeemAsync(await orders.CodeAsync(browser));
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));
        await receiver.NextAsync();
        await UntilAsync(async () => await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices WHERE LastError IS NOT NULL") is 1);

        app.Clock.Advance(TimeSpan.FromHours(25));

        await UntilAsync(async () =>
        {
            // The server may have begun to wait only now, so the clock must advance again.
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            return await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices") is 0;
        });
        await UntilAsync(() => Task.FromResult(app.Log.Any(line => line.Contains(
            "was not told of the end of session", StringComparison.Ordinal) && line.Contains("\"Error\"", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_client_that_has_revoked_its_token_gets_no_logout_token_and_the_browser_stays_signed_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var receiver = await LogoutReceiver.OfAsync(app, "orders");
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var answer = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();

        (await orders.Client.RevokeAsync(answer.RefreshToken)).AssertOk();

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices"));
        Assert.NotEmpty(orders.CodeOf(await browser.GoAsync(orders.Address(("prompt", "none")))));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var count = 0; count < 200; count++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("It did not become so within 10 seconds.");
    }
}

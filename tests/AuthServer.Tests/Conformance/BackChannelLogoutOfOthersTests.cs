using AuthServer.Logout;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>The logout notifications of one app do not affect those of other apps.</summary>
public sealed class BackChannelLogoutOfOthersTests
{
    private const int Many = 200;

    [Fact]
    public async Task An_app_that_hangs_does_not_delay_the_others()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var hanging = await LogoutReceiver.OfAsync(app, "reports");
        hanging.Hangs = true;
        using var healthy = await LogoutReceiver.OfAsync(app, "orders");
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk();
        await AddNoticesAsync(app);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await hanging.NextTokenAsync(app);

        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));

        // It arrives within ten seconds, while every call to the other app is still open or has just ended.
        await healthy.NextAsync();
        Assert.InRange(hanging.Tokens.Count, 0, 3 * LogoutLanes.CallsAtOnce);
    }

    [Fact]
    public async Task An_app_that_is_away_gets_only_a_few_calls_and_its_other_notices_wait()
    {
        await using var app = await AuthServerApp.StartAsync();
        using (await LogoutReceiver.OfAsync(app, "reports"))
        {
        }

        await AddNoticesAsync(app);
        for (var patience = 0; await app.CountAsync(
            $"SELECT COUNT(*) FROM LogoutNotices WHERE DueAt > {app.Clock.GetUtcNow().UtcTicks}") < Many; patience++)
        {
            Assert.True(patience < 200, "They never wait.");
            app.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await app.StopAsync();
        Assert.InRange(app.Log.Count(line => line.Contains("could not be told", StringComparison.Ordinal)), 1, 5 * LogoutLanes.CallsAtOnce);
        Assert.Equal(Many, await app.CountAsync("SELECT COUNT(*) FROM LogoutNotices WHERE Attempts > 0"));
    }

    private static Task AddNoticesAsync(AuthServerApp app) => app.SqlAsync($"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Many})
        INSERT INTO LogoutNotices (Id, ApplicationId, SessionId, Subject, CreatedAt, DueAt, Attempts)
        SELECT printf('0199A0C4-0000-7000-8000-%012d', i), Clients.Id, printf('0199A0C4-0000-7000-9000-%012d', i), 'somebody', {app.Clock.GetUtcNow().UtcTicks}, {app.Clock.GetUtcNow().UtcTicks}, 0
        FROM n, Clients WHERE ClientId = 'reports'
        """);
}

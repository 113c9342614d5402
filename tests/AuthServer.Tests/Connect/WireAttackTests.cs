using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>Attacks on the protocol endpoints.</summary>
public sealed class WireAttackTests
{
    [Fact]
    public async Task A_spent_code_used_by_another_client_ends_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var code = await orders.CodeAsync(browser);
        var answer = (await orders.RedeemAsync(code)).AssertOk();

        (await reports.RedeemAsync(code)).AssertRefused("invalid_grant");

        (await orders.Client.RefreshAsync(answer.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task An_address_can_store_neither_thousands_of_requests_nor_long_ones()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:AuthorizationRequestsPerAddress", "5"));
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var last = HttpStatusCode.OK;
        for (var count = 0; count < 6; count++)
        {
            last = (await browser.GoAsync(orders.Address())).Status;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        var pushed = await orders.Client.PostAsync("/connect/par", orders.Parameters(("state", new string('x', 9000))));
        pushed.AssertRefused("invalid_request");
    }
}

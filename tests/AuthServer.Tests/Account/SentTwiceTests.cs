using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Account;

/// <summary>A double click, a reload, the back button: the browser shows the last answer alone, and it must be a good one.</summary>
public sealed class SentTwiceTests
{
    [Fact]
    public async Task The_sign_in_leads_to_the_app_both_times()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var page = await browser.GoAsync(orders.Address());

        orders.CodeOf(await browser.SignInAsync(page));

        (await orders.RedeemAsync(orders.CodeOf(await browser.SignInAsync(page)))).AssertOk();
    }

    [Fact]
    public async Task The_consent_leads_to_the_app_both_times()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var partner = AppLogin.Partner(app);
        var page = (await browser.SignInAsync(await browser.GoAsync(partner.Address(("prompt", "consent"))))).AssertIs("/consent");

        partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes")));

        (await partner.RedeemAsync(partner.CodeOf(await browser.SubmitAsync(page, ("answer", "yes"))))).AssertOk();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Authorizations WHERE Type = 'permanent'"));
    }

    [Fact]
    public async Task The_sign_out_leads_to_the_app_both_times()
    {
        const string Bye = "https://orders.example/bye";
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);
        var page = await browser.GoAsync("/connect/endsession?client_id=orders&post_logout_redirect_uri=" + Uri.EscapeDataString(Bye));

        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Location);
        Assert.Equal(Bye, (await browser.SubmitAsync(page)).Location);
    }

    [Fact]
    public async Task A_request_that_comes_many_times_at_once_is_answered_each_time_with_a_code()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        var address = await PushAsync(orders);

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.GoAsync(address)));

        foreach (var page in pages)
        {
            (await orders.RedeemAsync(orders.CodeOf(page))).AssertOk();
        }
    }

    [Fact]
    public async Task A_moment_later_it_is_over_and_before_that_it_is_nobody_else_s()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        using var bobs = new Browser(app);
        var orders = AppLogin.Orders(app);
        await browser.SignInAsync(await browser.GoAsync("/account"));
        await bobs.SignInAsync(await bobs.GoAsync("/account"), "bob", "correct-horse-birch");
        var address = await PushAsync(orders);
        orders.CodeOf(await browser.GoAsync(address));

        (await bobs.GoAsync(address)).AssertRefused("invalid_request_uri");
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        orders.CodeOf(await browser.GoAsync(address));
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        var page = await browser.GoAsync(address);
        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("This sign-in is already done", page.Text, StringComparison.Ordinal);
    }

    private static async Task<string> PushAsync(AppLogin orders) =>
        $"/connect/authorize?client_id=orders&request_uri={Uri.EscapeDataString((await orders.Client.PostAsync("/connect/par", orders.Parameters()))["request_uri"]!)}";
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Tests.Conformance;

/// <summary>OpenID Connect Front-Channel Logout 1.0.</summary>
public sealed class FrontChannelLogoutTests
{
    private const string Bye = "https://orders.example/bye";

    [Fact]
    public async Task Section_3_The_page_frames_every_app_of_the_session_and_goes_on_without_a_script()
    {
        await using var app = await AuthServerApp.StartAsync();
        await DeclareAsync(app, "orders", """{"frontchannel_logout_uri":"https://orders.example/out?kept=1"}""");
        await DeclareAsync(app, "reports", """{"frontchannel_logout_uri":"https://reports.example/out"}""");
        await DeclareAsync(app, "partner", """{"frontchannel_logout_uri":"https://partner.example/out"}""");
        using var browser = new Browser(app);
        var (orders, reports) = (AppLogin.Orders(app), AppLogin.Reports(app));
        var identity = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk()["id_token"]!;
        (await reports.RedeemAsync(reports.CodeOf(await browser.GoAsync(reports.Address())))).AssertOk();

        var page =
            (await browser.GoAsync(
                $"/connect/endsession?id_token_hint={identity}&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}&state=s1"))
                .AssertIs("/account/logout");

        var frames = Frames(page);
        Assert.Equal(["https://orders.example/out", "https://reports.example/out"], frames.Select(frame => frame.Split('?')[0]).Order());
        Assert.All(frames, frame =>
        {
            var query = QueryHelpers.ParseQuery(new Uri(frame).Query);
            Assert.Equal(("http://localhost:8400/", Jwt.Read(identity).Value("sid")), (query["iss"].ToString(), query["sid"].ToString()));
        });
        Assert.Contains(frames, frame => frame.StartsWith("https://orders.example/out?kept=1&", StringComparison.Ordinal));
        Assert.Equal(["https://orders.example", "https://reports.example"], FrameSources(page));
        Assert.Contains("You’re signed out", page.Text, StringComparison.Ordinal);

        var refresh = page.Headers.GetValues("Refresh").Single().Split("; url=");
        Assert.Equal("3", refresh[0]);
        Assert.Contains($"href=\"{WebUtility.HtmlEncode(refresh[1])}\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(Bye + "?state=s1", (await browser.GoAsync(refresh[1])).Location);
        (await browser.GoAsync(orders.Address(("prompt", "none")))).AssertRefused("login_required");
    }

    [Fact]
    public async Task A_user_who_must_confirm_the_sign_out_sees_the_page_afterwards()
    {
        await using var app = await AuthServerApp.StartAsync();
        await DeclareAsync(app, "orders", """{"frontchannel_logout_uri":"https://orders.example/out"}""");
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);

        var asked =
            (await browser.GoAsync($"/connect/endsession?client_id=orders&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}&state=s2"))
                .AssertIs("/account/logout");
        Assert.Empty(Frames(asked));
        Assert.Empty(FrameSources(asked));
        var page = (await browser.SubmitAsync(asked)).AssertIs("/account/logout");

        Assert.Single(Frames(page));
        Assert.Equal(Bye + "?state=s2", (await browser.GoAsync(page.Headers.GetValues("Refresh").Single().Split("; url=")[1])).Location);
    }

    [Theory]
    [InlineData("/account/logout")]
    [InlineData("/connect/endsession")]
    public async Task Without_an_address_to_return_to_the_page_stays(string address)
    {
        await using var app = await AuthServerApp.StartAsync();
        await DeclareAsync(app, "orders", """{"frontchannel_logout_uri":"https://orders.example/out"}""");
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var identity = (await orders.RedeemAsync(await orders.CodeAsync(browser))).AssertOk()["id_token"]!;

        var page = address is "/account/logout"
            ? await browser.SubmitAsync(await browser.GoAsync(address))
            : await browser.GoAsync($"{address}?id_token_hint={identity}");

        Assert.Single(Frames(page.AssertIs("/account/logout")));
        Assert.False(page.Headers.Contains("Refresh"));
        Assert.Contains("href=\"/account/login\"", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_2_For_an_app_that_does_not_require_the_session_the_address_is_unchanged()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var oldApp = new AppLogin(app, "old-app", "old-app-demo-secret", "https://old.example/callback");
        oldApp.CodeOf(await browser.SignInAsync(await browser.GoAsync(oldApp.Address(("scope", "openid")))));

        Assert.Equal(["https://old.example/out?kept=1"], Frames(await browser.SubmitAsync(await browser.GoAsync("/account/logout"))));
    }

    [Fact]
    public async Task The_page_shows_no_frames_if_its_address_is_forged_or_too_old()
    {
        await using var app = await AuthServerApp.StartAsync();
        await DeclareAsync(app, "orders", """{"frontchannel_logout_uri":"https://orders.example/out"}""");
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);
        var address = (await browser.SubmitAsync(await browser.GoAsync("/account/logout"))).Address;
        Assert.Single(Frames(await browser.GoAsync(address)));

        var forged = await browser.GoAsync(address[..^9] + "AAAAAAAAA");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        var late = await browser.GoAsync(address);

        foreach (var page in new[] { forged, late })
        {
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Empty(Frames(page));
            Assert.Empty(FrameSources(page));
        }
    }

    [Fact]
    public async Task Section_3_Discovery_announces_front_channel_logout()
    {
        await using var app = await AuthServerApp.StartAsync();

        var metadata = JsonDocument.Parse(await app.Http.GetStringAsync("/.well-known/openid-configuration")).RootElement;

        Assert.True(metadata.GetProperty("frontchannel_logout_supported").GetBoolean());
        Assert.True(metadata.GetProperty("frontchannel_logout_session_supported").GetBoolean());
    }

    // As AuthServer apply stores it.
    private static Task DeclareAsync(AuthServerApp app, string client, string settings) =>
        app.SqlAsync($"UPDATE Clients SET Settings = '{settings}' WHERE ClientId = '{client}'");

    private static string[] Frames(BrowserPage page) =>
        [.. Regex.Matches(page.Html, "<iframe src=\"(?<address>[^\"]*)\" hidden")
            .Select(frame => WebUtility.HtmlDecode(frame.Groups["address"].Value))];

    private static string[] FrameSources(BrowserPage page)
    {
        var directive = page.Headers.GetValues("Content-Security-Policy").Single().Split("; ")
            .SingleOrDefault(entry => entry.StartsWith("frame-src", StringComparison.Ordinal));
        return directive is null ? [] : [.. directive.Split(' ').Skip(1).Order()];
    }
}

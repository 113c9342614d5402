using System.Collections.Concurrent;
using System.Net;
using System.Web;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>
/// OpenID Connect Front-Channel Logout 1.0 in a real browser: it must load the frames in spite of the page's security policy, and
/// go on.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class FrontChannelLogoutTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task The_browser_notifies_the_app_and_then_goes_to_it_by_itself()
    {
        using var guest = new HttpListener();
        guest.Prefixes.Add(platform.Guest.Address.ToString());
        guest.Start();
        var visits = new ConcurrentQueue<(Uri Address, string? Use)>();
        _ = AnswerAsync(guest, visits);
        var (issuer, app) = (platform.AuthServer.Address, platform.Guest.Address);
        var page = await chromium.VisitAsync(issuer);
        await page.GotoAsync(
            $"/connect/authorize?client_id=guest&redirect_uri={app}account/callback&response_type=code&scope=openid&prompt=consent"
                + $"&code_challenge={new string('c', 43)}&code_challenge_method=S256");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.PressAsync("Allow");
        await page.ArrivesBelowAsync(new Uri(app, "/account/callback"));

        await page.GotoAsync($"/connect/endsession?client_id=guest&post_logout_redirect_uri={app}bye");
        await page.PressAsync("Sign out");
        await page.SeesAsync("You’re signed out of all apps in this browser");
        await page.ArrivesAsync(new Uri(app, "/bye"));

        var (address, use) = Assert.Single(visits, visit => visit.Address.AbsolutePath is "/out");
        Assert.Equal("iframe", use);
        var query = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal(issuer.ToString(), query["iss"]);
        Assert.True(Guid.TryParse(query["sid"], out _));
    }

    private static async Task AnswerAsync(HttpListener listener, ConcurrentQueue<(Uri Address, string? Use)> visits)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                visits.Enqueue((context.Request.Url!, context.Request.Headers["Sec-Fetch-Dest"]));
                context.Response.ContentType = "text/html";
                context.Response.Close("Guest"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}

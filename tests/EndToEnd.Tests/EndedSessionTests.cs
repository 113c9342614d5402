using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>The issuer has ended a sign-in, and the app learns of it.</summary>
[Collection(OneAtATime.Name)]
public sealed class EndedSessionTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task After_a_sign_out_in_one_app_the_issuer_tells_the_other_which_ends_its_session_without_a_refresh()
    {
        var orders = await chromium.VisitAsync(platform.Orders.Address);
        await orders.SignInAsync("alice", "correct-horse-apple");
        await orders.SeesHeadingAsync("Hello, Alice Ahn");
        var reports = await Chromium.VisitAsync(orders, new Uri(platform.Reports.Address, "/tokens"));
        await reports.SeesHeadingAsync("Access token");

        await orders.PressAsync("Sign out");
        await orders.SeesHeadingAsync("Signed out");

        // The tokens page calls neither the issuer nor the API.
        for (var patience = 100; patience > 0 && !reports.Url.Contains("/account/start", StringComparison.Ordinal); patience--)
        {
            await Task.Delay(100);
            await reports.GotoAsync(new Uri(platform.Reports.Address, "/tokens").ToString());
        }

        await reports.SeesAsync("You have been signed out");
        await reports.FollowLinkAsync("Sign in");
        await reports.EnterAsync("alice", "correct-horse-apple");
        await reports.SeesHeadingAsync("Access token");
    }

    [Fact]
    public async Task A_refresh_that_is_refused_leads_to_the_start_page()
    {
        using var issuer = new FakeIssuer();
        await using var app = await LoneApp.StartedAsync(("Issuer:Authority", issuer.Address), ("App:Scopes", "openid offline_access"));
        var session = await app.SignedInAsync("alice");
        var form = await app.FormAsync("/", session);
        issuer.RefusesTokens = true;

        using var answer = await app.PostAsync("/?handler=Refresh", form.Cookies, ("__RequestVerificationToken", form.Field));

        Assert.Equal("/account/start?returnUrl=%2F", answer.Headers.Location?.OriginalString, ignoreCase: true);
        var page = await app.StartPageAsync(session);
        Assert.Contains("You have been signed out", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/signin?returnUrl=%2F\"", page, StringComparison.Ordinal);
    }
}

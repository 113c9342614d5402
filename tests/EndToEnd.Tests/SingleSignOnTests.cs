using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>Two apps and the issuer in one browser.</summary>
[Collection(OneAtATime.Name)]
public sealed class SingleSignOnTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task Who_is_signed_in_to_Orders_is_let_into_Reports_without_typing_anything()
    {
        var orders = await chromium.VisitAsync(platform.Orders.Address);
        await orders.SignInAsync("alice", "correct-horse-apple");
        await orders.SeesHeadingAsync("Hello, Alice Ahn");

        var reports = await Chromium.VisitAsync(orders, platform.Reports.Address);
        await reports.SeesHeadingAsync("Sign in to Reports");
        await reports.FollowLinkAsync("Sign in");

        await reports.SeesHeadingAsync("Hello, Alice Ahn");
        Assert.StartsWith(platform.Reports.Address.ToString(), reports.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_into_an_app_leads_through_the_sign_in_to_where_it_says()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address);
        await page.GotoAsync("/notes");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await page.EnterAsync("bob", "correct-horse-birch");
        await page.SeesHeadingAsync("Your notes");

        var reports = await Chromium.VisitAsync(page, new Uri(platform.Reports.Address, "/tokens"));
        await reports.SeesHeadingAsync("Access token");
    }

    [Fact]
    public async Task Who_signs_out_of_Orders_is_signed_out_at_the_issuer_and_Reports_asks_again()
    {
        var orders = await chromium.VisitAsync(platform.Orders.Address);
        await orders.SignInAsync("alice", "correct-horse-apple");
        await orders.SeesHeadingAsync("Hello, Alice Ahn");
        var reports = await Chromium.VisitAsync(orders, new Uri(platform.Reports.Address, "/notes"));
        await reports.SeesHeadingAsync("Notes");
        await reports.FollowAsync("Overview");

        await orders.PressAsync("Sign out");
        await orders.SeesAsync("You are signed out at the login server too");
        await reports.PressAsync("Refresh now");

        await reports.SeesAsync("You have been signed out");
        await reports.KeepAsync("ended");
        await reports.FollowLinkAsync("Sign in");
        await reports.SeesIssuerAsync(platform.AuthServer.Address, "Reports");
        Assert.Equal("alice", await reports.GetByLabel("User name or e-mail", new() { Exact = true }).InputValueAsync());
        await reports.EnterAsync("alice", "correct-horse-apple");
        await reports.SeesHeadingAsync("Hello, Alice Ahn");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Who_says_no_at_the_issuer_is_told_that_nothing_happened_and_may_think_again(int width, ColorScheme scheme)
    {
        await platform.Guest.StartAsync();
        try
        {
            var page = await chromium.VisitAsync(platform.Guest.Address, width, scheme);
            await page.SignInAsync("alice", "correct-horse-apple");
            await page.PressAsync("Do not allow");
            await page.SeesHeadingAsync("You are not signed in to Guest");
            await page.SeesAsync("You said no");
            await page.AssertFitsAsync();
            await page.KeepAsync("denied");

            await page.FollowLinkAsync("Try again");
            await page.PressAsync("Allow");
            await page.SeesHeadingAsync("Hello, Alice Ahn");

            // As found, for the next one.
            await page.GotoAsync(new Uri(platform.AuthServer.Address, "/account/manage/apps").ToString());
            await page.GetByRole(AriaRole.Button).First.ClickAsync();
        }
        finally
        {
            await platform.Guest.KillAsync();
        }
    }

    [Fact]
    public async Task Another_person_at_the_issuer_is_another_person_in_the_app()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address);
        await page.SignInAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
        await page.FollowLinkAsync("Sign in");

        await page.SignInAsync("bob", "correct-horse-birch");

        await page.SeesHeadingAsync("Hello, Bob Baek");
    }
}

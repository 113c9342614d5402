using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>Two apps and the issuer in one browser.</summary>
[Collection(OneAtATime.Name)]
public sealed class SingleSignOnTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task A_link_into_an_app_leads_through_the_sign_in_to_the_linked_page()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address);
        await page.GotoAsync("/notes");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await page.EnterAsync("bob", "correct-horse-birch");
        await page.SeesHeadingAsync("Your notes");

        var reports = await Chromium.VisitAsync(page, new Uri(platform.Reports.Address, "/tokens"));
        await reports.SeesHeadingAsync("Access token");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_user_who_refuses_at_the_issuer_is_told_that_nothing_happened_and_may_try_again(int width, ColorScheme scheme)
    {
        await platform.Guest.StartAsync();
        try
        {
            var page = await chromium.VisitAsync(platform.Guest.Address, width, scheme);
            await page.SignInAsync("alice", "correct-horse-apple");
            await page.PressAsync("Deny");
            await page.SeesHeadingAsync("You are not signed in to Guest");
            await page.SeesAsync("You did not sign in");
            await page.AssertFitsAsync();
            await page.KeepAsync("denied");

            await page.FollowLinkAsync("Try again");
            await page.PressAsync("Allow");
            await page.SeesHeadingAsync("Hello, Alice Ahn");

            // Restores the state for the next test.
            await page.GotoAsync(new Uri(platform.AuthServer.Address, "/account/manage/apps").ToString());
            await page.GetByRole(AriaRole.Button).First.ClickAsync();
        }
        finally
        {
            await platform.Guest.KillAsync();
        }
    }

    [Fact]
    public async Task Another_user_at_the_issuer_is_another_user_in_the_app()
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

using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>One of the programs is killed while the others run, and comes back.</summary>
[Collection(OneAtATime.Name)]
public sealed class OutageTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task Without_the_API_the_app_says_so_and_works_again_when_it_is_back()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address);
        await page.SignInAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await platform.Api.KillAsync();
        try
        {
            await page.PressAsync("Call the API");
            await page.SeesAsync("The API is away");
            await page.KeepAsync("api-away");
        }
        finally
        {
            await platform.Api.StartAsync();
        }

        await page.PressAsync("Try again");
        await page.SeesAsync("200 OK");
    }

    [Fact]
    public async Task Without_the_issuer_signed_in_users_continue_and_others_are_told_that_it_is_away()
    {
        var inside = await chromium.VisitAsync(platform.Orders.Address);
        await inside.SignInAsync("alice", "correct-horse-apple");
        await inside.SeesHeadingAsync("Hello, Alice Ahn");
        await inside.PressAsync("Call the API");
        await inside.SeesAsync("200 OK");
        var outside = await chromium.VisitAsync(platform.Orders.Address);
        await platform.AuthServer.KillAsync();
        try
        {
            await inside.PressAsync("Call the API");
            await inside.SeesAsync("200 OK");

            await outside.FollowLinkAsync("Sign in");
            await outside.SeesAsync("The login server is away");
            await outside.AssertFitsAsync();
            await outside.KeepAsync("issuer-away");

            await outside.SignInByPasswordAsync("bob", "correct-horse-birch");
            await outside.SeesAsync("The login server is away");
            Assert.Equal("bob", await outside.GetByLabel("User name or email", new() { Exact = true }).InputValueAsync());
        }
        finally
        {
            await platform.AuthServer.StartAsync();
        }

        await outside.GotoAsync("/notes");
        await outside.EnterAsync("bob", "correct-horse-birch");
        await outside.SeesHeadingAsync("Notes");

        // The issuer has its keys and sessions in its database, so tokens from before the outage are still valid.
        await inside.PressAsync("Refresh now");
        await inside.SeesAsync("Refreshed");
        await inside.PressAsync("Call the API");
        await inside.SeesAsync("200 OK");
    }

    [Fact]
    public async Task Without_the_issuer_a_sign_out_ends_only_the_apps_session_and_says_so()
    {
        var page = await chromium.VisitAsync(platform.Orders.Address);
        await page.SignInAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await platform.AuthServer.KillAsync();
        try
        {
            await page.PressAsync("Sign out");
            await page.SeesAsync("but perhaps not at the login server");
            await page.KeepAsync("signed-out-here-only");
            await page.GotoAsync("/");
            await page.SeesHeadingAsync("Sign in to Orders");
        }
        finally
        {
            await platform.AuthServer.StartAsync();
        }
    }
}

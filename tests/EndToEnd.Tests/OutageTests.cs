using EndToEnd.Tests.Support;

namespace EndToEnd.Tests;

/// <summary>A program is killed under the others, and comes back.</summary>
[Collection(OneAtATime.Name)]
public sealed class OutageTests(Platform platform, Chromium chromium)
{
    [Fact]
    public async Task Without_the_API_the_app_says_so_and_goes_on_when_it_is_back()
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
    public async Task Without_the_issuer_who_is_signed_in_goes_on_and_who_is_not_is_told()
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
            Assert.Equal("bob", await outside.GetByLabel("User name or e-mail", new() { Exact = true }).InputValueAsync());
        }
        finally
        {
            await platform.AuthServer.StartAsync();
        }

        await outside.GotoAsync("/notes");
        await outside.EnterAsync("bob", "correct-horse-birch");
        await outside.SeesHeadingAsync("Notes");

        // The issuer has its keys and sessions in its database: what it gave before is good.
        await inside.PressAsync("Refresh now");
        await inside.SeesAsync("Refreshed");
        await inside.PressAsync("Call the API");
        await inside.SeesAsync("200 OK");
    }

    [Fact]
    public async Task Without_the_issuer_a_sign_out_is_one_of_the_app_and_says_so()
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

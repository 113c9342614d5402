using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A person deletes all notes in a real browser, for which the API wants a sign-in of just now.</summary>
[Collection(OneAtATime.Name)]
public sealed class StepUpJourneyTests(Platform platform, Chromium chromium) : IAsyncLifetime
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    public async ValueTask InitializeAsync() => await platform.Api.RestartAsync(("Notes:DeleteAllMaxAge", "00:00:20"));

    public async ValueTask DisposeAsync() => await platform.Api.RestartAsync(("Notes:DeleteAllMaxAge", "00:05:00"));

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_person_signs_in_anew_to_delete_all_notes(int width, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width, scheme);
        await page.SignInAsync("ada", "correct-horse-cedar");
        await page.SeesHeadingAsync("Hello, Ada Choi");
        await page.FollowAsync("Notes");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync($"Gone at {width}");
        await page.PressAsync("Save note");
        await page.SeesAsync("Saved");
        await Task.Delay(Fresh);

        await page.PressAsync("Delete my notes");
        await page.SeesHeadingAsync("Delete all your notes?");
        await CheckAsync(page, "step-up-question");
        await page.PressAsync("Delete my notes");

        // Not this time.
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await page.AssertFitsAsync();
        await page.KeepAsync("step-up-login");
        await page.FollowLinkAsync("Back to Orders");
        await page.SeesHeadingAsync("You are still signed in to Orders");
        await page.SeesAsync("You did not sign in anew");
        await CheckAsync(page, "step-up-denied");
        await page.FollowLinkAsync("Try again");
        await page.SeesHeadingAsync("Delete all your notes?");
        await page.PressAsync("Delete my notes");

        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        Assert.Equal("ada", await page.GetByLabel("User name or e-mail", new() { Exact = true }).InputValueAsync());
        await page.EnterAsync("ada", "correct-horse-cedar");
        await page.SeesAsync("Your sign-in is fresh now");
        await page.AssertFitsAsync();
        await page.KeepAsync("step-up-fresh");
        await page.PressAsync("Delete my notes");

        await page.SeesAsync("The API has let go of all your notes.");
        await page.SeesAsync("None yet.");
        await CheckAsync(page, "step-up-done");
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        await page.AssertFitsAsync();
        await page.KeepAsync(name);
        await page.AssertAccessibleAsync();
    }
}

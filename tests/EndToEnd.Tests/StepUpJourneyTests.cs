using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A user deletes all notes in a real browser, for which the API requires a very recent sign-in.</summary>
[Collection(OneAtATime.Name)]
public sealed class StepUpJourneyTests(Platform platform, Chromium chromium) : IAsyncLifetime
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    public async ValueTask InitializeAsync() => await platform.Api.RestartAsync(("Notes:DeleteAllMaxAge", "00:00:20"));

    public async ValueTask DisposeAsync() => await platform.Api.RestartAsync(("Notes:DeleteAllMaxAge", "00:05:00"));

    [Fact]
    public async Task A_user_signs_in_again_to_delete_all_notes()
    {
        // One delay makes the sign-ins of all walks old.
        var walks = new List<Walk>();
        foreach (var (language, width) in Walk.Readers)
        {
            walks.Add(await WriteNoteAsync(await Walk.StartAsync(chromium, platform.Orders.Address, "step-up", language, width)));
        }

        await Task.Delay(Fresh);
        foreach (var walk in walks)
        {
            await DeleteNotesAsync(walk);
        }
    }

    private async Task<Walk> WriteNoteAsync(Walk walk)
    {
        await walk.SignInToAsync(platform.Orders);
        await walk.ArrivesAsync();
        await walk.Page.FollowAsync("Notes");
        await walk.Page.GetByLabel("Title", new() { Exact = true }).FillAsync("Soon gone");
        await walk.Page.PressAsync("Save note");
        await walk.Page.SeesAsync("Saved");
        return walk;
    }

    private static async Task DeleteNotesAsync(Walk walk)
    {
        var page = walk.Page;
        await page.PressAsync("Delete my notes");
        await page.SeesHeadingAsync("Delete all your notes?");
        await CheckAsync(page, "step-up-question");
        await page.PressAsync("Delete my notes");

        // First the user refuses.
        await walk.SeesAsync("SignInTo", "Orders");
        await walk.FollowAsync("BackTo", "Orders");
        await page.SeesHeadingAsync("You are still signed in to Orders");
        await page.SeesAsync("You did not sign in anew");
        await CheckAsync(page, "step-up-denied");
        await page.FollowLinkAsync("Try again");
        await page.SeesHeadingAsync("Delete all your notes?");
        await page.PressAsync("Delete my notes");

        await walk.SeesAsync("SignInTo", "Orders");
        Assert.Equal(walk.Name, await walk.Field("UserNameOrEmail").InputValueAsync());
        await walk.SignInAsync();
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

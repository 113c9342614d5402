using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>
/// Each page of SampleClient, light and dark: it is accessible (axe) and not wider than the window. A picture is kept.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class AppPagesTests(Platform platform, Chromium chromium)
{
    private static readonly (string Name, string Address)[] Anonymous =
    [
        ("start", "/"),
        ("password-form", "/account/password"),
        ("signed-out-already", "/account/signedout"),
        ("callback-wrong", "/account/callback?error=access_denied"),
        ("not-found", "/nothing"),
    ];

    private static readonly (string Name, string Address)[] SignedIn =
    [
        ("overview", "/"),
        ("tokens", "/tokens"),
        ("notes", "/notes"),
        ("notes-delete", "/notes/deleteall"),
    ];

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task Every_page_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width, scheme);
        foreach (var (name, address) in Anonymous)
        {
            await page.GotoAsync(address);
            await CheckAsync(name);
        }

        await page.SignInByPasswordAsync("alice", "not the password");
        await page.SeesAsync("That did not match");
        await CheckAsync("password-wrong");

        await page.GotoAsync("/account/signin");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        foreach (var (name, address) in SignedIn)
        {
            await page.GotoAsync(address);
            await CheckAsync(name);
        }

        await page.GotoAsync("/");
        foreach (var (button, seen) in new[]
        {
            ("Call the API", "200 OK"),
            ("Call without token", "401 Unauthorized"),
            ("Refresh now", "Refreshed"),
        })
        {
            await page.PressAsync(button);
            await page.SeesAsync(seen);
            await CheckAsync(seen.Replace(' ', '-'));
        }

        await page.FollowAsync("Notes");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync($"Accessible at {width}");
        await page.PressAsync("Save note");
        await page.SeesAsync("Saved");
        await CheckAsync("note-saved");
        await page.PressAsync("Sign out");
        await page.SeesHeadingAsync("Signed out");
        await CheckAsync("signed-out");

        async Task CheckAsync(string name)
        {
            await page.KeepAsync("app-" + name);
            await page.AssertFitsAsync();
            await page.AssertAccessibleAsync();
        }
    }
}

using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>
/// Takes the pictures of docs/images anew, of the demo that runs (<c>./build.sh demo</c>). Only when asked:
/// <c>dotnet test --project tests/EndToEnd.Tests -c Release --explicit only</c>.
/// </summary>
public sealed class PicturesOfTheReadme(Chromium chromium)
{
    private static readonly Uri Orders = new("http://localhost:8421");

    [Theory(Explicit = true)]
    [InlineData(1280, 860, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Are_taken(int width, int height, ColorScheme scheme)
    {
        var page = await chromium.VisitAsync(Orders, width, scheme);
        await page.SetViewportSizeAsync(width, height);
        await TakeAsync(page, "sign-in");
        await page.FollowLinkAsync("Sign in");
        await page.SeesAsync("to continue to Orders");
        await TakeAsync(page, "login");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.PressAsync("Call the API");
        await page.SeesAsync("200 OK");
        await TakeAsync(page, "overview");
        await page.FollowAsync("Tokens");
        await page.SeesHeadingAsync("Access token");
        await TakeAsync(page, "tokens");
    }

    // Without the caret, which blinks. What the documents do not show is not kept.
    private static async Task TakeAsync(IPage page, string name)
    {
        string[] shown = ["login-1280", "login-390", "overview-1280", "overview-390", "sign-in-390", "tokens-1280"];
        var file = $"{name}-{page.ViewportSize!.Width}";
        if (shown.Contains(file))
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "images", file + ".png"), Caret = ScreenshotCaret.Hide });
        }
    }
}

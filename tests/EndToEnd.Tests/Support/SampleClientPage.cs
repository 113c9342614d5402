using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>A user's steps in SampleClient and on the issuer's pages, through the labels and names that the user reads.</summary>
internal static class SampleClientPage
{
    /// <summary>Signs in from the start page, through the issuer, where nobody is signed in yet.</summary>
    public static async Task SignInAsync(this IPage page, string userName, string password)
    {
        await page.FollowLinkAsync("Sign in");
        await page.EnterAsync(userName, password);
    }

    /// <summary>Signs in by the password grant.</summary>
    public static async Task SignInByPasswordAsync(this IPage page, string userName, string password)
    {
        await page.GotoAsync("/account/password");
        await page.EnterAsync(userName, password);
    }

    /// <summary>Fills in and sends the sign-in form of the page.</summary>
    public static async Task EnterAsync(this IPage page, string userName, string password)
    {
        await page.GetByLabel("User name or email", new() { Exact = true }).FillAsync(userName);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.PressAsync("Sign in");
    }

    public static Task PressAsync(this IPage page, string button) =>
        page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public static Task FollowAsync(this IPage page, string link) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })
            .GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    public static Task FollowLinkAsync(this IPage page, string link) =>
        page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    /// <summary>Waits for the issuer's sign-in page on behalf of this app.</summary>
    public static async Task SeesIssuerAsync(this IPage page, Uri issuer, string app)
    {
        await page.SeesAsync($"Sign in to {app}");
        Assert.StartsWith(issuer.ToString(), page.Url, StringComparison.Ordinal);
    }

    /// <summary>Waits until the page shows this text.</summary>
    public static Task SeesAsync(this IPage page, string text) =>
        page.GetByText(text).First.WaitForAsync(new() { State = WaitForSelectorState.Visible });

    public static Task SeesHeadingAsync(this IPage page, string text) =>
        page.GetByRole(AriaRole.Heading, new() { Name = text, Exact = true }).WaitForAsync();

    /// <summary>
    /// Asserts that the page is not wider than the window. Waits for the stylesheet, because texts are visible before it is loaded.
    /// </summary>
    public static async Task AssertFitsAsync(this IPage page)
    {
        await page.EvaluateAsync(
            "document.readyState === 'complete' || new Promise(loaded => addEventListener('load', loaded, "
            + "{ once: true })).then(() => true)");
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{page.Url} scrolls sideways");
    }

    /// <summary>Waits until the browser is at an address.</summary>
    public static Task ArrivesAsync(this IPage page, Uri address) => ArrivesAsync(page, url => url == address.ToString());

    /// <summary>Waits until the browser is at an address that begins with this.</summary>
    public static Task ArrivesBelowAsync(this IPage page, Uri beginning) =>
        ArrivesAsync(page, url => url.StartsWith(beginning.ToString(), StringComparison.Ordinal));

    // Playwright's own waits miss some navigations that follow each other.
    private static async Task ArrivesAsync(IPage page, Predicate<string> isThere)
    {
        for (var patience = 600; !isThere(page.Url); patience--)
        {
            Assert.True(patience > 0, page.Url);
            await Task.Delay(100);
        }
    }

    /// <summary>Checks the page with axe, which must find no violation.</summary>
    public static async Task AssertAccessibleAsync(this IPage page)
    {
        var violations = (await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] })).Violations;
        Assert.True(violations.Length is 0, $"{page.Url}: {string.Join("; ", violations.Select(Tell))}");
    }

    /// <summary>Takes a picture, under <c>artifacts/screenshots</c>.</summary>
    public static Task KeepAsync(this IPage page, string name) => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"{name}-{page.ViewportSize!.Width}.png"),
        FullPage = true,
    });

    private static string Tell(AxeResultItem violation) =>
        $"{violation.Id} ({violation.Help}) at {string.Join(", ", violation.Nodes.Select(node => node.Html))}";
}

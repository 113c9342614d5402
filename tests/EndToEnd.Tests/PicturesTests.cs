using EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>
/// Takes the pictures of docs/images, to artifacts/screenshots/docs. After a change of a page: <c>cp artifacts/screenshots/docs/*
/// docs/images</c>.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class PicturesTests(Platform platform, Chromium chromium)
{
    [Theory]
    [InlineData(1280, 860, ColorScheme.Light, new[] { "login", "overview", "tokens" })]
    [InlineData(390, 844, ColorScheme.Dark, new[] { "sign-in", "login", "overview" })]
    public async Task The_pictures_of_the_apps_can_be_taken(int width, int height, ColorScheme scheme, string[] shown)
    {
        var page = await chromium.VisitAsync(platform.Orders.Address, width, scheme);
        await page.SetViewportSizeAsync(width, height);
        await TakeAsync("sign-in");
        await page.GotoAsync("/account/signin");
        await page.SeesIssuerAsync(platform.AuthServer.Address, "Orders");
        await TakeAsync("login");
        await page.EnterAsync("alice", "correct-horse-apple");
        await page.SeesHeadingAsync("Hello, Alice Ahn");
        await page.PressAsync("Call the API");
        await page.SeesAsync("200 OK");
        await TakeAsync("overview");
        await page.GotoAsync("/tokens");
        await page.SeesHeadingAsync("Access token");
        await TakeAsync("tokens");

        async Task TakeAsync(string name)
        {
            if (shown.Contains(name))
            {
                await ShowAsDemoAsync(page);
                await page.ScreenshotAsync(
                    new() { Path = Path.Combine(Repository.Root, "artifacts", "screenshots", "docs", $"{name}-{width}.png") });
            }
        }
    }

    [Fact]
    public async Task The_pictures_of_the_issuers_own_pages_can_be_taken()
    {
        var page = await chromium.VisitAsync(platform.AuthServer.Address, 900);
        await page.SetViewportSizeAsync(900, 600);
        await page.EnterAsync("alice", "correct-horse-apple");
        await TakeAsync("account", "Hello, Alice Ahn");
        await page.GotoAsync("/account/manage/authenticator");
        await TakeAsync("authenticator", "Two-step sign-in");
        var callback = Uri.EscapeDataString(new Uri(platform.Guest.Address, "account/callback").ToString());
        await page.GotoAsync("/connect/authorize?client_id=guest&response_type=code&code_challenge_method=S256"
            + $"&scope=openid+profile+offline_access+users.read&code_challenge={new string('A', 43)}&redirect_uri={callback}");
        await TakeAsync("consent", "Guest wants to access your account");
        await page.GotoAsync(await platform.AuthServer.DeviceAddressAsync());
        await TakeAsync("device", "Sign in to Terminal on your device?");

        async Task TakeAsync(string name, string heading)
        {
            await page.SeesAsync(heading);
            await page.Locator("main").ScreenshotAsync(
                new() { Path = Path.Combine(Repository.Root, "artifacts", "screenshots", "docs", $"{name}.png") });
        }
    }

    // Shows the demo's ports instead of the free ports of this run. Only texts are changed, not the targets of links.
    private async Task ShowAsDemoAsync(IPage page) => await page.EvaluateAsync(
        """
        ports => {
            const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
            while (texts.nextNode())
                for (const [port, shown] of ports)
                    texts.currentNode.data = texts.currentNode.data.replaceAll('localhost:' + port, 'localhost:' + shown);
        }
        """,
        new[] { new[] { platform.AuthServer.Address.Port, 8400 }, [platform.Api.Address.Port, 8410] });
}

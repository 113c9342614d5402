using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>A real Chromium, the system's own; a new context, without cookies, for each visit.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    internal async Task<IPage> VisitAsync(Uri address, int width = 1280, ColorScheme scheme = ColorScheme.Light, string language = "en")
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = language,
            BaseURL = address.ToString(),
        });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        return page;
    }

    /// <summary>Another tab of the same browser.</summary>
    internal static async Task<IPage> VisitAsync(IPage other, Uri address)
    {
        var page = await other.Context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }
}

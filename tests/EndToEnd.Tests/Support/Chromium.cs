using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace EndToEnd.Tests.Support;

/// <summary>
/// The system's Chromium without windows and without the pages that it opens by itself. Each visit has a new context, without
/// cookies.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly ConcurrentDictionary<IBrowserContext, (string? Collection, string? Test)> contexts = new();
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium-headless-shell", Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    internal async Task<IPage> VisitAsync(Uri address, int width = 1280, ColorScheme scheme = ColorScheme.Light, string language = "en")
    {
        await CloseOthersAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = language,
            BaseURL = address.ToString(),
        });
        contexts[context] = Now;
        context.SetDefaultTimeout(60_000); // milliseconds: the machine may be busy
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

    private static (string? Collection, string? Test) Now =>
        (TestContext.Current.TestCollection?.UniqueID, TestContext.Current.Test?.UniqueID);

    // Closes the contexts of tests that have ended, because each open page is a process. Tests of one collection run one after the
    // other.
    private async Task CloseOthersAsync()
    {
        var now = Now;
        foreach (var (context, owner) in contexts)
        {
            if (owner.Collection == now.Collection && owner.Test != now.Test && contexts.TryRemove(context, out _))
            {
                await context.CloseAsync();
            }
        }
    }
}

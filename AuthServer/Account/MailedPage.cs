using AuthServer.Pages;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>
/// The page behind a mailed link that signs a person in. It leads back to the app only in the browser that came from the app.
/// </summary>
internal abstract class MailedPage(RequestingBrowser browser) : AccountPage
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>The app's request that the link carries; null if there is none.</summary>
    protected abstract ReturnTarget? Begun { get; }

    protected override IActionResult? LeaveRequest() => GoOnWithoutRequest();

    protected override async Task<PageApp?> FindAppAsync(PageApps apps)
    {
        ReturnUrl = Begun?.ReturnUrl;
        var app = await base.FindAppAsync(apps);
        if (app is not null && !browser.HasBegun(HttpContext, Begun!))
        {
            ReturnUrl = app.Home;
        }

        return app;
    }
}

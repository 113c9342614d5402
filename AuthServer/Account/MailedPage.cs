using AuthServer.Pages;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>Where a link in a mail leads to that signs a person in. It goes on to the app only in the browser that came from there.</summary>
internal abstract class MailedPage(AskingBrowser browser) : AccountPage
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>What the link says of it.</summary>
    protected abstract BegunSignIn? Begun { get; }

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

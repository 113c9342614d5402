using AuthServer.Hosting;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Account;

/// <summary>Signing out of all apps of this browser, after a question: a link alone must not be able to.</summary>
internal sealed class LogoutModel(BrowserSessions browsers) : AccountPage
{
    public BrowserSession? Present { get; private set; }

    protected override Task<PageApp?> FindAppAsync(PageApps apps) => apps.FindAsync(Request.Query[Parameters.ClientId], HttpContext.RequestAborted);

    public async Task OnGetAsync() => Present = await BrowserSessions.FindAsync(HttpContext);

    public async Task<IActionResult> OnPostAsync()
    {
        await browsers.SignOutAsync(HttpContext);

        // To the end session endpoint, which leads on to the app; or to this page, which says that it is done.
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : Paths.SignOut);
    }
}

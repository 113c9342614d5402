using AuthServer.Connect.Authorize;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Account;

/// <summary><c>prompt=select_account</c> (OpenID Connect Core 3.1.2.1): the one who is signed in, or somebody else.</summary>
internal sealed class SelectModel : AccountPage
{
    public BrowserSession Present { get; private set; } = null!;

    public string PresentTarget => QueryHelpers.AddQueryString(Target, AuthorizeRequest.ChosenParameter, Present.Session.Id.ToString());

    public async Task<IActionResult> OnGetAsync()
    {
        if (await BrowserSessions.FindAsync(HttpContext) is not { } present)
        {
            return LocalRedirect(LoginAddress);
        }

        Present = present;
        return Page();
    }
}

using AuthServer.Pages;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>
/// <c>prompt=select_account</c> (OpenID Connect Core 3.1.2.1): continue as the signed-in user, or sign in as another one.
/// </summary>
[UnderImpersonation]
internal sealed class SelectModel(RequestMarks marks) : AccountPage
{
    public BrowserSession Present { get; private set; } = null!;

    public string PresentTarget => marks.Add(Target, Present.Session.Id, mark => mark with { IsChosen = true });

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

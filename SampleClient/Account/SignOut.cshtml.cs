using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.App;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>
/// Ends the session here and revokes its refresh token (RFC 7009). A user who signed in at the issuer then signs out there, and so
/// from all apps. A sign-in by the password grant belongs to this app alone, and the page says that it has ended.
/// </summary>
internal sealed class SignOutModel(
    IssuerClient issuer, IssuerRedirection redirection, SessionStore store, IOptions<AppOptions> app) : PageModel
{
    public Notice Notice { get; private set; } = null!;

    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        // This app comes first: whatever the issuer answers, this browser is signed out here.
        var session = HttpContext.Session()!;
        store.Remove(session.Id);
        await HttpContext.SignOutAsync();
        HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity());

        // The direct request also shows whether the issuer can be reached before the browser is sent there.
        var isRevoked = session.Tokens?.RefreshToken is not { } refreshToken || await issuer.RevokeAsync(refreshToken);
        if (session.IsShared && isRevoked && await redirection.SendToSignOutAsync(HttpContext, session.Tokens?.IdentityToken) is null)
        {
            return new EmptyResult();
        }

        Notice = session.IsShared
            ? Notice.SignedOutHereOnly(app.Value.Name)
            : Notice.SignedOut(app.Value.Name, isRevoked, session.Tokens?.ExpiresAt);
        return Page();
    }
}

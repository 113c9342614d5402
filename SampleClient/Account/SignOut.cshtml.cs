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
/// Ends the session here and revokes its refresh token (RFC 7009). Who signed in at the issuer goes on to sign out there,
/// and so of all apps; a sign-in by the password grant is this app's alone, and the page says that it is over.
/// </summary>
internal sealed class SignOutModel(
    IssuerClient issuer, IssuerRedirection redirection, SessionStore store, IOptions<AppOptions> app) : PageModel
{
    public Notice Notice { get; private set; } = null!;

    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        // First here: whatever becomes of the issuer, this browser is signed out.
        var session = HttpContext.Session()!;
        store.Remove(session.Id);
        await HttpContext.SignOutAsync();
        HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity());

        // Asking directly also tells whether anybody is there to send the browser to.
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

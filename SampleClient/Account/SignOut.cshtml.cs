using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.App;
using SampleClient.Issuer;
using SampleClient.Sessions;
using SampleClient.Shared;

namespace SampleClient.Account;

/// <summary>Ends the session here and, by revoking its refresh token, at the issuer. The other apps stay signed in.</summary>
internal sealed class SignOutModel(IssuerClient issuer, SessionStore store, IOptions<AppOptions> app) : PageModel
{
    public Notice Notice { get; private set; } = null!;

    public IActionResult OnGet() => LocalRedirect("/");

    public async Task OnPostAsync()
    {
        // First here: whatever becomes of the issuer, this browser is signed out.
        var session = HttpContext.Session()!;
        store.Remove(session.Id);
        await HttpContext.SignOutAsync();
        HttpContext.User = new ClaimsPrincipal(new ClaimsIdentity());

        var isRevoked = session.Tokens?.RefreshToken is not { } refreshToken || await issuer.RevokeAsync(refreshToken);
        Notice = Notice.SignedOut(app.Value.Name, isRevoked, session.Tokens?.ExpiresAt);
    }
}

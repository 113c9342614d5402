using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Account;

/// <summary>Shown after a sign-in with a recovery code: how many codes are left, and the way on to the app.</summary>
internal sealed class RecoveredModel(Authenticators authenticators) : AccountPage
{
    public static readonly string Path = Paths.Recovered;

    public int CodesLeft { get; private set; }

    public string Onward => Target;

    public static string On(string target) => QueryHelpers.AddQueryString(Path, BrowserCookie.ReturnUrl, target);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await BrowserSessions.FindAsync(HttpContext) is not { } present
            || await authenticators.FindAsync(present.User.Id, cancellationToken) is not { ConfirmedAt: not null } authenticator)
        {
            return LocalRedirect(LoginAddress);
        }

        CodesLeft = RecoveryCodes.CountOf(authenticator.RecoveryCodes);
        return Page();
    }
}

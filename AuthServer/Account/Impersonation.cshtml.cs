using AuthServer.Pages;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Account;

/// <summary>
/// The link by which an administrator acts as a user. It works only in a browser in which that administrator is signed in: whoever else gets
/// hold of it can do nothing with it, and nobody can be made somebody else by a link. Opening it changes nothing.
/// </summary>
internal sealed class ImpersonationModel(Impersonations impersonations, PendingSignIns pending) : AccountPage
{
    [BindProperty(SupportsGet = true, Name = Impersonations.Parameter)]
    public string? Token { get; set; }

    /// <summary>Null if the link does not work.</summary>
    public ImpersonationOffer? Offer { get; private set; }

    public bool IsUsed { get; private set; }

    /// <summary>True if nobody, or somebody else, is signed in in this browser.</summary>
    public bool NeedsAdministrator => Administrator is null;

    /// <summary>The user; null if the administrator may not act as them.</summary>
    public User? Person { get; private set; }

    /// <summary>Leads back to this page.</summary>
    public string SignInAddress => QueryHelpers.AddQueryString(
        BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, QueryHelpers.AddQueryString(Paths.Impersonation, Impersonations.Parameter, Token!));

    private BrowserSession? Administrator { get; set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Offer = impersonations.Read(Token);
        if (Offer is not null && await BrowserSessions.FindAsync(HttpContext) is { } present && present.User.Id == Offer.Administrator)
        {
            Administrator = present;
            Person = await impersonations.FindUserAsync(Offer, cancellationToken);
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await OnGetAsync(cancellationToken);
        if (Offer is not { } offer || Administrator is not { } administrator || Person is not { } person)
        {
            return Page();
        }

        if (!await impersonations.TryBeginAsync(HttpContext, administrator, offer, person))
        {
            IsUsed = true;
            return Page();
        }

        pending.Cookie.Clear(HttpContext);
        return LocalRedirect(Paths.Account);
    }
}

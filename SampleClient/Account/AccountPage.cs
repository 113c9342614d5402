using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>A page on the way to a sign-in: it knows where the person wants to go, and who was here before.</summary>
internal abstract class AccountPage : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    // The path only: a form of another page that was not answered cannot be sent again from here. Never another site.
    public string Target => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl!.Split('?', '#')[0] : "/";

    protected bool IsSignedIn => HttpContext.Session() is { Tokens: not null };

    /// <summary>The session that the issuer has ended, kept for what the person was doing.</summary>
    protected Session? Ended => HttpContext.Session() is { Tokens: null } session ? session : null;
}

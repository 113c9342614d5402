using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>A page on the way to a sign-in: it knows where the person wants to go, and who was here before.</summary>
internal abstract class AccountPage(IOptions<IssuerOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    // The path only: a form of another page that was not answered cannot be sent again from here. Never another site.
    public string Target => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl!.Split('?', '#')[0] : "/";

    public bool IsSignedIn => HttpContext.Session() is { Tokens: not null };

    public Uri Issuer => options.Value.AuthorityUri!;

    /// <summary>Of a page that says why a sign-in came to nothing.</summary>
    public string ProblemTitle => IsSignedIn ? "Not signed in anew" : "Not signed in";

    public Notice? Notice { get; protected set; }

    /// <summary>The session that the issuer has ended, kept for what the person was doing.</summary>
    protected Session? Ended => HttpContext.Session() is { Tokens: null } session ? session : null;

    /// <summary>A page to sign in by. Not for somebody who is signed in.</summary>
    protected IActionResult Ask()
    {
        Notice = Ended is null ? null : Notice.SessionEnded(withDraft: Ended.Draft is not null);
        return IsSignedIn ? LocalRedirect(Target) : Page();
    }

    /// <summary>Why a sign-in came to nothing. Who was to sign in anew is still signed in as before.</summary>
    protected IActionResult Explain(IssuerAnswer answer)
    {
        (Notice, Response.StatusCode) = answer.Fault switch
        {
            IssuerFault.Denied => (IsSignedIn ? Notice.StepUpDenied : Notice.SignInDenied, StatusCodes.Status403Forbidden),
            IssuerFault.TooWeak => (Notice.TooWeak(Issuer), StatusCodes.Status403Forbidden),
            IssuerFault.Refused => (Notice.SignInWanted, StatusCodes.Status403Forbidden),
            IssuerFault.Unfinished => (Notice.SignInUnfinished, StatusCodes.Status400BadRequest),
            _ => (Notice.For(answer, Issuer), StatusCodes.Status503ServiceUnavailable),
        };
        return Page();
    }
}

using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Answers;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Account;

/// <summary>
/// A page of the sign-in. It knows where the user wants to go, and which session the issuer has ended in this browser.
/// </summary>
internal abstract class AccountPage(IOptions<IssuerOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    // Only the path: the query may name the handler of a form that was posted before the sign-in and cannot be sent again. Never
    // another site.
    public string Target => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl!.Split('?', '#')[0] : "/";

    public bool IsSignedIn => HttpContext.Session() is { Tokens: not null };

    public Uri Issuer => options.Value.AuthorityUri!;

    /// <summary>Title of a page that explains why a sign-in has failed.</summary>
    public string ProblemTitle => IsSignedIn ? "Not signed in anew" : "Not signed in";

    public Notice? Notice { get; protected set; }

    /// <summary>The session that the issuer has ended. It is kept because it holds what the user was doing.</summary>
    protected Session? Ended => HttpContext.Session() is { Tokens: null } session ? session : null;

    /// <summary>Shows a page that offers the sign-in. A user who is signed in is redirected to the target.</summary>
    protected IActionResult Ask()
    {
        Notice = Ended is null ? null : Notice.SessionEnded(withDraft: Ended.Draft is not null);
        return IsSignedIn ? LocalRedirect(Target) : Page();
    }

    /// <summary>Explains why a sign-in has failed. A user who only had to sign in again keeps the present session.</summary>
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

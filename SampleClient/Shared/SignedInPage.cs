using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SampleClient.Answers;
using SampleClient.Sessions;

namespace SampleClient.Shared;

/// <summary>
/// A page for a user with a live session. If the issuer has ended it, the user is sent to the start page before typing anything.
/// </summary>
internal abstract class SignedInPage : PageModel
{
    public Session Session => HttpContext.Session()!;

    public Notice? Notice { get; protected set; }

    /// <summary>The API's response to a call, if there was one.</summary>
    public ApiAnswer? Answer { get; protected set; }

    /// <summary>The handler of the button "Try again"; null if there is no such button.</summary>
    public string? RetryHandler { get; private set; }

    private SessionStore Store => HttpContext.RequestServices.GetRequiredService<SessionStore>();

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // Not for POST: its handler first stores what the user typed.
        if (Session.Tokens is null && !HttpMethods.IsPost(Request.Method))
        {
            context.Result = SignInAgain();
        }
    }

    protected IActionResult SignInAgain() => RedirectToPage("/Account/Start", new { returnUrl = Request.Path.Value });

    /// <summary>Shows this page when the issuer or the API is away.</summary>
    /// <param name="problem">Says which of the two it is.</param>
    /// <param name="retryHandler">The handler of the button "Try again"; null if the page has such a button anyway.</param>
    protected IActionResult Fail(Notice problem, string? retryHandler = null)
    {
        (Notice, RetryHandler, Response.StatusCode) = (problem, retryHandler, StatusCodes.Status503ServiceUnavailable);
        return Page();
    }

    /// <summary>Redirects, so that reloading the page sends no form twice. The next page shows the flash.</summary>
    /// <param name="flash">The message to show there.</param>
    /// <param name="page">The next page; by default this one.</param>
    protected IActionResult RedirectWith(Flash flash, string? page = null)
    {
        Keep(session => session with { Flash = flash });
        return RedirectToPage(page);
    }

    protected void TakeFlash()
    {
        if (Session.Flash is { } flash)
        {
            (Notice, Answer) = (flash.Notice, flash.Answer);
            Keep(session => session with { Flash = null });
        }
    }

    /// <summary>Reads the session again, because a call may have brought new tokens. False if the session has ended.</summary>
    protected bool Reload()
    {
        if (Store.Find(Session.Id) is not { Tokens: not null } session)
        {
            return false;
        }

        HttpContext.Features.Set(session);
        return true;
    }

    /// <summary>Stores something in the session, which outlives its tokens.</summary>
    protected void Keep(Func<Session, Session> change) => Store.Update(Session.Id, change);
}

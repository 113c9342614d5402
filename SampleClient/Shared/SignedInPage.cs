using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SampleClient.Answers;
using SampleClient.Sessions;

namespace SampleClient.Shared;

/// <summary>A page for somebody with a live session. One that the issuer has ended leads to the start page, before anything is typed.</summary>
internal abstract class SignedInPage : PageModel
{
    public Session Session => HttpContext.Session()!;

    public Notice? Notice { get; protected set; }

    /// <summary>What a call to the API came to.</summary>
    public ApiAnswer? Answer { get; protected set; }

    /// <summary>What the button "Try again" does, when there is one.</summary>
    public string? RetryHandler { get; private set; }

    private SessionStore Store => HttpContext.RequestServices.GetRequiredService<SessionStore>();

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // Not on POST: its handler first keeps what was typed.
        if (Session.Tokens is null && !HttpMethods.IsPost(Request.Method))
        {
            context.Result = SignInAgain();
        }
    }

    protected IActionResult SignInAgain() => RedirectToPage("/Account/Start", new { returnUrl = Request.Path.Value });

    /// <summary>This page, when the issuer or the API is away.</summary>
    /// <param name="problem">Which of them.</param>
    /// <param name="retryHandler">Of the button "Try again"; null where the page has a button for that anyway.</param>
    protected IActionResult Fail(Notice problem, string? retryHandler = null)
    {
        (Notice, RetryHandler, Response.StatusCode) = (problem, retryHandler, StatusCodes.Status503ServiceUnavailable);
        return Page();
    }

    /// <summary>Redirects, so that reloading the page sends no form twice; the page then takes the flash.</summary>
    /// <param name="flash">What to show there.</param>
    /// <param name="page">This one unless given.</param>
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

    /// <summary>The session as it is after a call, with new tokens perhaps. False when it is over.</summary>
    protected bool Reload()
    {
        if (Store.Find(Session.Id) is not { Tokens: not null } session)
        {
            return false;
        }

        HttpContext.Features.Set(session);
        return true;
    }

    /// <summary>Keeps something with the session, which outlasts its tokens.</summary>
    protected void Keep(Func<Session, Session> change) => Store.Update(Session.Id, change);
}

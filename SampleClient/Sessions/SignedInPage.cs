using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SampleClient.Sessions;

/// <summary>A page for somebody with a live session. One that the issuer has ended leads to the start page, before anything is typed.</summary>
internal abstract class SignedInPage : PageModel
{
    public Session Session => HttpContext.Session()!;

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

    /// <summary>Redirects to this page, so that reloading it sends no form twice; the page then takes the flash.</summary>
    protected IActionResult RedirectWith(Flash flash)
    {
        Store.Update(Session.Id, session => session with { Flash = flash });
        return RedirectToPage();
    }

    protected Flash? TakeFlash()
    {
        var flash = Session.Flash;
        if (flash is not null)
        {
            Store.Update(Session.Id, session => session with { Flash = null });
        }

        return flash;
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

using AuthServer.Pages;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Account;

/// <summary>A page that needs a signed-in user.</summary>
internal abstract class ManagePage : AccountPage
{
    /// <summary>The maximum age of a sign-in for an action that gives power over the account.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Never null: the page's authorization requires a session.</summary>
    public BrowserSession Present => HttpContext.Features.Get<BrowserSession>()!;

    public User Person => Present.User;

    /// <summary>False while an administrator acts as the person: they may look, and change nothing.</summary>
    public bool CanChange => Present.Impersonator is null;

    /// <summary>The action that was done, as a key of <see cref="Texts"/>.</summary>
    public string? Done => Told.Read(Request, Person.Id);

    /// <summary>Whether the page requires a recent sign-in.</summary>
    protected virtual bool NeedsFreshSignIn => false;

    /// <summary>Whether the page requires the second factor of an account that has one, even in a remembered browser.</summary>
    protected virtual bool NeedsSecondFactor => NeedsFreshSignIn;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var now = HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (NeedsFreshSignIn && Present.Session.AuthenticatedAt + Fresh < now)
        {
            context.Result = LocalRedirect(QueryHelpers.AddQueryString(BrowserCookie.SignInPath, new Dictionary<string, string?>
            {
                [BrowserCookie.ReturnUrl] = Request.Path,
                [LoginModel.AgainParameter] = "1",
            }));
            return;
        }

        if (NeedsSecondFactor
            && await HttpContext.RequestServices.GetRequiredService<AvailableFactors>()
                .PathToSecondFactorAsync(Present, HttpContext.RequestAborted) is { } path)
        {
            context.Result = LocalRedirect(QueryHelpers.AddQueryString(path, BrowserCookie.ReturnUrl, Request.Path));
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    /// <summary>Redirects to the page with a notice, so that reloading it repeats nothing (post, redirect, get).</summary>
    protected IActionResult Finish(string done, string? page = null) =>
        LocalRedirect(QueryHelpers.AddQueryString(page ?? Request.Path, Notices.Parameter, Told.Protect(done, Person.Id)));

    private Notices Told => HttpContext.RequestServices.GetRequiredService<Notices>();
}

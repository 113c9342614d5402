using System.Globalization;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Pages;

/// <summary>The base of all pages: where a page leads to, for which app it is shown, and what the browser may do in it.</summary>
internal abstract class AccountPage : PageModel
{
    // Mails and addresses carry the return URL, so it must be short. One that names a request kept in the database is far shorter.
    private const int LongestReturn = 2000;

    /// <summary>A key of the view data: how many minutes to wait, for a problem that says so.</summary>
    public const string WaitMinutes = "WaitMinutes";

    /// <summary>Where to go when the page is done. Used only if it is on this server: see <see cref="Local"/>.</summary>
    [BindProperty(SupportsGet = true, Name = BrowserCookie.ReturnUrl)]
    public string? ReturnUrl { get; set; }

    public PageApp? App { get; private set; }

    /// <summary>The problem, as a key of <see cref="Texts"/>.</summary>
    public string? Problem { get; protected set; }

    /// <summary>The field that was refused. It is marked and gets the focus.</summary>
    public string? ProblemField { get; private set; }

    /// <summary>The login page, which then leads to where this page does.</summary>
    public string LoginAddress => QueryHelpers.AddQueryString(BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, Target);

    /// <summary>For the attribute <c>aria-invalid</c> of a field.</summary>
    public string? IsInvalid(string field) => ProblemField == field ? "true" : null;

    /// <summary>For <c>aria-describedby</c>.</summary>
    /// <param name="hint">The element that always describes the field.</param>
    public string? DescriptionOf(string field, string? hint = null) =>
        ProblemField != field ? hint : hint is null ? "problem" : $"problem {hint}";

    /// <summary>The return URL if it is on this server; otherwise null.</summary>
    protected string? Local => ReturnUrl is { Length: <= LongestReturn } && Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;

    protected string Target => Local ?? Paths.Account;

    /// <summary>
    /// Where a mail leads back to: an app's request or nothing. Otherwise, a visitor who has a mail sent to somebody else could
    /// choose a page for them.
    /// </summary>
    protected string? AppTarget => App is null ? null : Local;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (context.HandlerMethod is null && HttpMethods.IsPost(Request.Method))
        {
            context.Result = StatusCode(StatusCodes.Status405MethodNotAllowed);
            return;
        }

        App = await FindAppAsync(HttpContext.RequestServices.GetRequiredService<PageApps>());
        HttpContext.RequestServices.GetRequiredService<SecurityEvents>().ClientId = App?.Id;
        await HttpContext.RequestServices.GetRequiredService<PageSupportCode>().FollowAsync(HttpContext, Local);
        RequestSteps.Of(HttpContext).ClientId = App?.Id;
        PagePolicy.Set(Response, App);
        if (await IsRequestOverAsync() && LeaveRequest() is { } answer)
        {
            context.Result = answer;
            return;
        }

        await next();
    }

    /// <summary>Whether the app's request that the page leads back to can no longer be answered.</summary>
    protected Task<bool> IsRequestOverAsync() =>
        HttpContext.RequestServices.GetRequiredService<KeptRequestLookup>().IsOverAsync(Local, HttpContext.RequestAborted);

    /// <summary>Called when that request can no longer be answered.</summary>
    /// <returns>The answer that tells the person; null if the page goes on without the request.</returns>
    protected virtual IActionResult? LeaveRequest()
    {
        HttpContext.Features.Set(new RequestIsOver(App));
        return StatusCode(StatusCodes.Status400BadRequest);
    }

    /// <summary>Lets the page lead to the account's start page instead, which names the app.</summary>
    protected IActionResult? GoOnWithoutRequest()
    {
        ReturnUrl = App?.Home;
        return null;
    }

    /// <summary>The app that the person comes from; null if it is not known.</summary>
    protected virtual Task<PageApp?> FindAppAsync(PageApps apps) => apps.OfAsync(ReturnUrl, HttpContext.RequestAborted);

    /// <summary>There were too many attempts from this address, or for this account.</summary>
    protected PageResult RefuseThrottled(TimeSpan retryAfter)
    {
        var minutes = (int)Math.Max(1, Math.Ceiling(retryAfter.TotalMinutes));
        ViewData[WaitMinutes] = minutes;
        return Refuse(minutes is 1 ? "TooManyAttempts" : "TooManyAttemptsMinutes", StatusCodes.Status429TooManyRequests, retryAfter);
    }

    /// <summary>The node already has as many passwords to hash as it accepts.</summary>
    protected PageResult RefuseBusy(TimeSpan retryAfter) => Refuse("ServerBusy", StatusCodes.Status503ServiceUnavailable, retryAfter);

    /// <param name="wrong">What to say if the password was checked and refused, as a key of <see cref="Texts"/>.</param>
    protected PageResult Refuse(PasswordResult result, string wrong, string? field = null) => result.Outcome switch
    {
        PasswordOutcome.Throttled => RefuseThrottled(result.RetryAfter),
        PasswordOutcome.Busy => RefuseBusy(result.RetryAfter),
        _ => Refuse(wrong, field: field),
    };

    /// <summary>Shows the page again, with what went wrong.</summary>
    /// <param name="field">The field to mark and to focus; null for none.</param>
    protected PageResult Refuse(
        string problem, int status = StatusCodes.Status400BadRequest, TimeSpan? retryAfter = null, string? field = null)
    {
        (Problem, ProblemField, Response.StatusCode) = (problem, field, status);

        // A reported refusal becomes a step of its own, which says more.
        if (HttpContext.RequestServices.GetRequiredService<SecurityEvents>().Reported.Count is 0)
        {
            RequestSteps.Of(HttpContext).Add(SupportSteps.FormRefused, problem);
        }

        if (retryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return Page();
    }
}

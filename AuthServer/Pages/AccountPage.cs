using System.Globalization;
using AuthServer.Passwords;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Pages;

/// <summary>What all pages have in common: where they lead to, for which app, and what browsers may do in them.</summary>
internal abstract class AccountPage : PageModel
{
    // A request that waits in the database is named in far less; mails and addresses carry it on.
    private const int LongestReturn = 2000;

    /// <summary>Of the view data: how long to wait, where the problem says so.</summary>
    public const string WaitMinutes = "WaitMinutes";

    /// <summary>Where to go when the page is done; never to another site.</summary>
    [BindProperty(SupportsGet = true, Name = BrowserCookie.ReturnUrl)]
    public string? ReturnUrl { get; set; }

    public PageApp? App { get; private set; }

    /// <summary>What went wrong, as a key of <see cref="Texts"/>.</summary>
    public string? Problem { get; protected set; }

    /// <summary>The field that was refused: it is marked and has the focus.</summary>
    public string? ProblemField { get; private set; }

    /// <summary>The sign-in, which then leads to where this page does.</summary>
    public string LoginAddress => QueryHelpers.AddQueryString(BrowserCookie.SignInPath, BrowserCookie.ReturnUrl, Target);

    /// <summary>For the attribute <c>aria-invalid</c> of a field.</summary>
    public string? IsInvalid(string field) => ProblemField == field ? "true" : null;

    /// <summary>For <c>aria-describedby</c>.</summary>
    /// <param name="hint">The element that describes the field at any time.</param>
    public string? DescriptionOf(string field, string? hint = null) =>
        ProblemField != field ? hint : hint is null ? "problem" : $"problem {hint}";

    /// <summary>Where to go, if that is a place of this server.</summary>
    protected string? Local => ReturnUrl is { Length: <= LongestReturn } && Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : null;

    protected string Target => Local ?? Paths.Account;

    /// <summary>What a mail leads back to: the app. Whoever has a mail sent to somebody else must not choose a page for them.</summary>
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
        PagePolicy.Set(Response, App);
        if (await IsRequestOverAsync() && LeaveRequest() is { } answer)
        {
            context.Result = answer;
            return;
        }

        await next();
    }

    /// <summary>Whether the app's request that the page leads back to can no longer be answered.</summary>
    protected Task<bool> IsRequestOverAsync() => HttpContext.RequestServices.GetRequiredService<BegunRequests>().IsOverAsync(Local, HttpContext.RequestAborted);

    /// <summary>That request is over.</summary>
    /// <returns>What the person is told; null when the page goes on without it.</returns>
    protected virtual IActionResult? LeaveRequest()
    {
        HttpContext.Features.Set(new RequestIsOver(App));
        return StatusCode(StatusCodes.Status400BadRequest);
    }

    /// <summary>To the account's start, which then names the app.</summary>
    protected IActionResult? GoOnWithoutRequest()
    {
        ReturnUrl = App?.Home;
        return null;
    }

    /// <summary>The app that the person comes from, where it is known: a form of the page may lead back to it.</summary>
    protected virtual Task<PageApp?> FindAppAsync(PageApps apps) => apps.OfAsync(ReturnUrl, HttpContext.RequestAborted);

    /// <summary>Too much was asked for from there, or of that account.</summary>
    protected PageResult RefuseThrottled(TimeSpan retryAfter)
    {
        var minutes = (int)Math.Max(1, Math.Ceiling(retryAfter.TotalMinutes));
        ViewData[WaitMinutes] = minutes;
        return Refuse(minutes is 1 ? "TooManyAttempts" : "TooManyAttemptsMinutes", StatusCodes.Status429TooManyRequests, retryAfter);
    }

    /// <summary>The node has as many passwords to hash as it takes on.</summary>
    protected PageResult RefuseBusy(TimeSpan retryAfter) => Refuse("ServerBusy", StatusCodes.Status503ServiceUnavailable, retryAfter);

    /// <param name="wrong">What is said of a password that was looked at, as a key of <see cref="Texts"/>.</param>
    protected PageResult Refuse(PasswordResult result, string wrong, string? field = null) => result.Outcome switch
    {
        PasswordOutcome.Throttled => RefuseThrottled(result.RetryAfter),
        PasswordOutcome.Busy => RefuseBusy(result.RetryAfter),
        _ => Refuse(wrong, field: field),
    };

    /// <summary>The page once more, with what went wrong.</summary>
    /// <param name="field">The one that is marked and has the focus; null where it is none.</param>
    protected PageResult Refuse(string problem, int status = StatusCodes.Status400BadRequest, TimeSpan? retryAfter = null, string? field = null)
    {
        (Problem, ProblemField, Response.StatusCode) = (problem, field, status);
        if (retryAfter is { } wait)
        {
            Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return Page();
    }
}

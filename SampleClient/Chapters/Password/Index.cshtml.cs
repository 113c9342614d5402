using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Account;
using SampleClient.Answers;
using SampleClient.Issuer;
using SampleClient.Sessions;

namespace SampleClient.Chapters.Password;

/// <summary>
/// The password grant (RFC 6749 4.3) behind a form, for comparison: the password passes through this app, and the user is not
/// signed in to other apps. RFC 9700 2.4 forbids it, but a team's own app that cannot open a browser may have no other way.
/// </summary>
[AllowAnonymous]
internal sealed class IndexModel(
    PasswordGrant grant, SessionStart sessions, SignInAttempts attempts, IOptions<IssuerOptions> options) : AccountPage(options)
{
    [BindProperty]
    public string UserName { get; set; } = "";

    // Not a parameter of the handler, because MVC logs parameters.
    [BindProperty]
    public string? Password { get; set; }

    public bool CanRetry { get; private set; }

    public IActionResult OnGet()
    {
        UserName = Ended?.UserName ?? "";
        return Ask();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        UserName = UserName?.Trim() ?? "";
        if (UserName.Length is 0 || string.IsNullOrEmpty(Password))
        {
            return Refuse(PasswordNotice.NothingTyped, StatusCodes.Status400BadRequest);
        }

        if (attempts.Count(HttpContext.Connection.RemoteIpAddress) is { } pause)
        {
            return Throttle(PasswordNotice.TooManySignIns(pause), pause);
        }

        var answer = await grant.SignInAsync(UserName, Password, cancellationToken);
        switch (answer.Fault)
        {
            case null:
                await sessions.BeginAsync(HttpContext, answer, UserName);
                return LocalRedirect(Target);
            case IssuerFault.Refused:
                return Refuse(PasswordNotice.WrongPassword, StatusCodes.Status400BadRequest);
            case IssuerFault.Busy:
                return Throttle(Notice.For(answer, Issuer), answer.RetryAfter);
            default:
                return Refuse(Notice.For(answer, Issuer), StatusCodes.Status503ServiceUnavailable, canRetry: true);
        }
    }

    private PageResult Throttle(Notice notice, TimeSpan? pause)
    {
        if (pause is { } wait)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Refuse(notice, StatusCodes.Status429TooManyRequests);
    }

    private PageResult Refuse(Notice notice, int status, bool canRetry = false)
    {
        (Notice, CanRetry, Response.StatusCode) = (notice, canRetry, status);
        return Page();
    }
}

using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using SampleClient.Issuer;
using SampleClient.Sessions;
using SampleClient.Shared;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SampleClient.Account;

/// <summary>The password grant (RFC 6749 4.3) behind a form: for a team's own apps, which may see the password.</summary>
[AllowAnonymous]
internal sealed class SignInModel(
    IssuerClient issuer, SessionStore store, SignInAttempts attempts, IOptions<IssuerOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty]
    public string UserName { get; set; } = "";

    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? Password { get; set; }

    public Notice? Notice { get; private set; }

    public bool CanRetry { get; private set; }

    public string Issuer => options.Value.AuthorityUri!.Authority;

    public IActionResult OnGet()
    {
        switch (HttpContext.Session())
        {
            case { Tokens: not null }:
                return LocalRedirect(Target);
            case { } ended:
                UserName = ended.UserName;
                Notice = Notice.SessionEnded(withDraft: ended.Draft is not null);
                break;
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        UserName = UserName?.Trim() ?? "";
        if (UserName.Length is 0 || string.IsNullOrEmpty(Password))
        {
            return Refuse(Notice.NothingTyped, StatusCodes.Status400BadRequest);
        }

        if (attempts.Count(HttpContext.Connection.RemoteIpAddress) is { } pause)
        {
            return Throttle(Notice.TooManySignIns(pause), pause);
        }

        var answer = await issuer.SignInAsync(UserName, Password, cancellationToken);
        return answer.Fault switch
        {
            null => await StartAsync(answer.Tokens!, answer.Person!),
            IssuerFault.Refused => Refuse(Notice.WrongPassword, StatusCodes.Status400BadRequest),
            IssuerFault.Busy => Throttle(Notice.For(answer, options.Value.AuthorityUri!), answer.RetryAfter),
            _ => Refuse(Notice.For(answer, options.Value.AuthorityUri!), StatusCodes.Status503ServiceUnavailable, canRetry: true),
        };
    }

    // The path only: a form of another page that was not answered cannot be sent again from here. Never another site.
    private string Target => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl!.Split('?', '#')[0] : "/";

    private async Task<IActionResult> StartAsync(TokenSet tokens, ClaimsPrincipal person)
    {
        var subject = person.FindFirstValue(Claims.Subject)!;
        var name = person.FindFirstValue(Claims.Name) ?? person.FindFirstValue(Claims.PreferredUsername) ?? UserName;
        var before = HttpContext.Session();

        // What was being typed is for the person who typed it. The session gets a new id, as after every sign-in.
        var session = new Session(SessionStore.NewId(), subject, UserName, name)
        {
            Tokens = tokens,
            Draft = before?.Subject == subject ? before.Draft : null,
        };
        store.Add(session);
        await HttpContext.SignInAsync(session);
        if (before is not null)
        {
            store.Remove(before.Id);
            _ = before.Tokens?.RefreshToken is not { } refreshToken || await issuer.RevokeAsync(refreshToken);
        }

        return LocalRedirect(Target);
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

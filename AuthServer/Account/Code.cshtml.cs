using AuthServer.Connect;
using AuthServer.Hosting.SecurityLog;
using AuthServer.Hosting.Throttling;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>The second step: a code of the authenticator app, or a recovery code. Also for who is signed in and is asked for more.</summary>
internal sealed class CodeModel(
    PendingSignIns pending,
    RememberedBrowsers remembered,
    Authenticators authenticators,
    SignInThrottle throttle,
    Lockout lockout,
    SignInSteps steps,
    AccountMails mails,
    BrowserSessions browsers,
    SecurityEvents events,
    UserManager<User> users) : AccountPage
{
    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public bool RememberBrowser { get; set; }

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LocalRedirect(await OnwardAsync()) : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not var (user, begun))
        {
            return LocalRedirect(await OnwardAsync());
        }

        if (string.IsNullOrWhiteSpace(Code))
        {
            return Refuse("WrongCode");
        }

        // A million codes are few: they count as passwords do.
        if (!throttle.TryBegin(throttle.OfAddress(HttpContext.Connection.RemoteIpAddress), throttle.OfCodes(user.Id), out var attempt, out var retryAfter))
        {
            events.Refused(SecurityEventKinds.SignInThrottled, "Too many failures from there, or for that account.", user.Id);
            return RefuseThrottled(retryAfter);
        }

        // Asked first, or a recovery code would be gone for nothing.
        var outcome = await lockout.IsOpenAsync(user, cancellationToken) ? await authenticators.TryAsync(user.Id, Code, cancellationToken) : CodeOutcome.Wrong;
        if (outcome is CodeOutcome.Alarming)
        {
            await mails.WrongCodesAsync(HttpContext, user);
        }

        // Not looked at, and no failure.
        if (outcome is CodeOutcome.Blocked)
        {
            events.Refused(SecurityEventKinds.CodeRefused, "Codes of the account are blocked after too many wrong ones.", user.Id);
            return Refuse("CodesBlocked");
        }

        if (outcome is not (CodeOutcome.OneTime or CodeOutcome.Recovery) || !await lockout.TryPassAsync(user, cancellationToken))
        {
            events.Refused(SecurityEventKinds.CodeRefused, "The code is wrong or has been used, or the account is locked out.", user.Id);
            await lockout.CountFailureAsync(user, cancellationToken);
            return Refuse("WrongCode");
        }

        throttle.GiveBack(attempt);
        if (outcome is CodeOutcome.Recovery)
        {
            await mails.TellAsync(HttpContext, user, AccountEventKind.RecoveryCodeUsed);
        }

        if (RememberBrowser)
        {
            remembered.Remember(HttpContext, user);
        }

        IReadOnlyList<string> methods = [.. begun.Methods.Union([AuthenticationLevel.OneTimePassword, AuthenticationLevel.SeveralFactors])];
        var target = Target;
        if (pending.Cookie.Get(HttpContext) is null)
        {
            await browsers.StepUpAsync(HttpContext, HttpContext.Features.Get<BrowserSession>()!, methods);
        }
        else
        {
            target = await steps.FinishAsync(HttpContext, user, methods, begun.IsRemembered, target);
        }

        return LocalRedirect(outcome is CodeOutcome.Recovery ? RecoveredModel.On(target) : target);
    }

    // A form that comes again after its answer finds the person signed in: it is no wrong code.
    private async Task<string> OnwardAsync() =>
        await BrowserSessions.FindAsync(HttpContext) is { } present && Means.HasShownSecond(present) ? Target : LoginAddress;

    private async Task<(User User, PendingSignIn Begun)?> FindAsync()
    {
        // Who is signed in by a password alone has shown that already.
        var begun = pending.Cookie.Get(HttpContext)
            ?? (await BrowserSessions.FindAsync(HttpContext) is { } present && !Means.HasShownSecond(present)
                ? new PendingSignIn(present.User.Id, present.User.SecurityStamp ?? "", present.Methods, present.IsRemembered)
                : null);
        return begun is not null
            && await users.FindByIdAsync(begun.User.ToString()) is { TwoFactorEnabled: true, DisabledAt: null } user
            && (user.SecurityStamp ?? "") == begun.SecurityStamp
                ? (user, begun)
                : null;
    }
}

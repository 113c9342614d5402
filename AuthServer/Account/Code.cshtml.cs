using AuthServer.Pages;
using AuthServer.Passkeys;
using AuthServer.Protocol;
using AuthServer.SecondFactors;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Account;

/// <summary>The second step: a code of the authenticator app, or a recovery code. Also for who is signed in and is asked for more.</summary>
internal sealed class CodeModel(
    PendingSignIns pending,
    RememberedBrowsers remembered,
    KnownBrowsers known,
    Authenticators authenticators,
    SignInThrottle throttle,
    Lockout lockout,
    SignInSteps steps,
    AccountMails mails,
    BrowserSessions browsers,
    PasskeyRegistration passkeys,
    SecurityEvents events,
    UserManager<User> users) : AccountPage
{
    // No parameter of the handler: MVC logs those.
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public bool RememberBrowser { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await FindAsync() is var (_, begun))
        {
            // The same form sent twice is known by this cookie, when the first has given the session another one. A cookie that is there
            // already is not set again: that would give it more time.
            if (pending.Cookie.Get(HttpContext) is null)
            {
                pending.Cookie.Set(HttpContext, begun);
            }

            return Page();
        }

        return LocalRedirect(await IsShownAsync() ? Target : LoginAddress);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync() is not var (user, begun))
        {
            return LocalRedirect(await IsShownAsync() ? Target : LoginAddress);
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
        var browser = known.Find(HttpContext);
        var result = await lockout.IsOpenAsync(user, browser, cancellationToken)
            ? await authenticators.TryAsync(user.Id, Code, $"{begun.Id:N} {Target}", cancellationToken)
            : new(CodeOutcome.Wrong);
        if (result.Outcome is CodeOutcome.Alarming)
        {
            await mails.WrongCodesAsync(HttpContext, user);
        }

        // Not looked at, and no failure.
        if (result.Outcome is CodeOutcome.Blocked)
        {
            events.Refused(SecurityEventKinds.CodeRefused, "Codes of the account are blocked after too many wrong ones.", user.Id);
            return Refuse("CodesBlocked");
        }

        if (result.Outcome is not (CodeOutcome.OneTime or CodeOutcome.Recovery) || !await lockout.TryPassAsync(user, browser, cancellationToken))
        {
            events.Refused(SecurityEventKinds.CodeRefused, "The code is wrong or has been used, or the account is locked out.", user.Id);
            await lockout.CountFailureAsync(user, user.UserName!, browser, cancellationToken);
            return Refuse("WrongCode");
        }

        throttle.GiveBack(attempt);
        return await FinishAsync(user, begun, result) is not { } target ? LocalRedirect(LoginAddress)
            : LocalRedirect(result.Outcome is CodeOutcome.Recovery ? RecoveredModel.On(target) : target);
    }

    /// <returns>Where to go now; null when the sign-in has to begin anew.</returns>
    private async Task<string?> FinishAsync(User user, PendingSignIn begun, CodeResult result)
    {
        if (result.IsRepeated && !(begun.Kind is PendingKind.NewSession && await browsers.IsUnknownAsync(begun.Session, HttpContext.RequestAborted)))
        {
            // The first answer has begun the session or gone on with it. Where that has ended since, the code is spent.
            pending.Cookie.Clear(HttpContext);
            return !await browsers.TryResumeAsync(HttpContext, begun.Session, user, begun.IsRemembered) ? null
                : begun.Kind is PendingKind.StepUp ? Target : steps.Mark(Target, begun.Session);
        }

        var present = begun.Kind is PendingKind.StepUp ? await BrowserSessions.FindAsync(HttpContext) : null;
        if (begun.Kind is PendingKind.StepUp && present?.Session.Id != begun.Session)
        {
            // Signed out meanwhile: the password was shown for that session alone.
            pending.Cookie.Clear(HttpContext);
            return null;
        }

        if (RememberBrowser)
        {
            await remembered.RememberAsync(HttpContext, user);
        }

        if (result is { Outcome: CodeOutcome.Recovery, IsRepeated: false })
        {
            await mails.TellAsync(HttpContext, user, AccountEventKind.RecoveryCodeUsed);
        }

        if (begun.RemovesPasskeys)
        {
            await passkeys.RemoveAllAsync(user.Id);
            await mails.TellAsync(HttpContext, user, AccountEventKind.PasskeyRemoved);
        }

        var methods = AuthenticationLevel.WithOneTimePassword(begun.Methods);
        if (present is not null)
        {
            pending.Cookie.Clear(HttpContext);
            await browsers.StepUpAsync(HttpContext, present, methods);
        }
        else
        {
            return await steps.FinishAsync(
                HttpContext, user, methods, begun.IsRemembered, Target, session: begun.Kind is PendingKind.NewSession ? begun.Session : null);
        }

        return Target;
    }

    /// <summary>The form came again after its answer, which has signed the person in.</summary>
    private async Task<bool> IsShownAsync() => await BrowserSessions.FindAsync(HttpContext) is { } present && Means.HasShownSecond(present);

    private async Task<(User User, PendingSignIn Begun)?> FindAsync()
    {
        // Who is signed in by a password alone has shown that already.
        var begun = pending.Cookie.Get(HttpContext)
            ?? (await BrowserSessions.FindAsync(HttpContext) is { } present && !Means.HasShownSecond(present)
                ? new PendingSignIn(present.User.Id, present.User.SecurityStamp ?? "", present.Methods, present.IsRemembered, PendingKind.StepUp, present.Session.Id)
                : null);
        return begun is not null
            && await users.FindByIdAsync(begun.User.ToString()) is { TwoFactorEnabled: true, DisabledAt: null } user
            && (user.SecurityStamp ?? "") == begun.SecurityStamp
                ? (user, begun)
                : null;
    }
}

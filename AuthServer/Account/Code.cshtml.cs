using AuthServer.Audit;
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

/// <summary>
/// The second step of sign-in: a code from the authenticator app, or a recovery code. Also the step-up of a person who is signed in.
/// </summary>
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
    AuditActor actor,
    UserManager<User> users) : AccountPage
{
    // A property and not a parameter of the handler: MVC logs parameters.
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public bool RememberBrowser { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await FindAsync() is var (_, begun))
        {
            // A step-up gives the session a new cookie. If the form is sent twice, the second request is recognized by this pending cookie.
            // An existing cookie is not set again: that would extend its lifetime.
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

        // There are only a million codes, so wrong ones are throttled like wrong passwords.
        var source = throttle.OfAddress(HttpContext.RemoteAddress());
        if (!throttle.TryBegin(source, throttle.OfCodes(user.Id), out var attempt, out var retryAfter))
        {
            events.Refused(
                SecurityEventKinds.SignInThrottled,
                RefusalCodes.Throttled,
                "Too many failures from this address, or for this account.",
                user.Id);
            return RefuseThrottled(retryAfter);
        }

        // The lockout is checked first: otherwise a locked account would spend a recovery code for nothing.
        var browser = known.Find(HttpContext);
        var result = await lockout.IsOpenAsync(user, browser, cancellationToken)
            ? await authenticators.TryAsync(user.Id, Code, $"{begun.Id:N} {Target}", cancellationToken)
            : new(CodeOutcome.Wrong);
        if (result.Outcome is CodeOutcome.Alarming)
        {
            await mails.WrongCodesAsync(HttpContext, user);
        }

        // The code was not checked, so the lockout does not count a failure.
        if (result.Outcome is CodeOutcome.Blocked)
        {
            events.Refused(
                SecurityEventKinds.CodeRefused,
                RefusalCodes.CodesBlocked,
                "Codes for this account are blocked after too many wrong ones.",
                user.Id);
            return Refuse("CodesBlocked");
        }

        if (result.Outcome is not (CodeOutcome.OneTime or CodeOutcome.Recovery)
            || !await lockout.TryPassAsync(user, browser, cancellationToken))
        {
            events.Refused(
                SecurityEventKinds.CodeRefused,
                RefusalCodes.WrongCode,
                "The code is wrong or has been used, or the account is locked out.",
                user.Id);
            await lockout.CountFailureAsync(user, user.UserName!, browser, cancellationToken);
            return Refuse("WrongCode");
        }

        throttle.GiveBack(attempt);
        return await FinishAsync(user, begun, result) is not { } target ? LocalRedirect(LoginAddress)
            : LocalRedirect(result.Outcome is CodeOutcome.Recovery ? RecoveredModel.On(target) : target);
    }

    /// <returns>Where to go now; null if the sign-in has to start again.</returns>
    private async Task<string?> FinishAsync(User user, PendingSignIn begun, CodeResult result)
    {
        if (result.IsRepeated
            && !(begun.Kind is PendingKind.NewSession && await browsers.IsUnknownAsync(begun.Session, HttpContext.RequestAborted)))
        {
            // The first request has begun or renewed the session, so this one resumes it. If it has ended since, the code stays spent.
            pending.Cookie.Clear(HttpContext);
            return !await browsers.TryResumeAsync(HttpContext, begun.Session, user, begun.IsRemembered) ? null
                : begun.Kind is PendingKind.StepUp ? Target : steps.Mark(Target, begun.Session);
        }

        var present = begun.Kind is PendingKind.StepUp ? await BrowserSessions.FindAsync(HttpContext) : null;
        if (begun.Kind is PendingKind.StepUp && present?.Session.Id != begun.Session)
        {
            // The person has signed out meanwhile. The password was shown for that session only.
            pending.Cookie.Clear(HttpContext);
            return null;
        }

        // The person has shown both factors; the session comes last.
        actor.IsPerson(user.Id, present?.Session.Id);
        if (RememberBrowser)
        {
            await remembered.RememberAsync(HttpContext, user);
        }

        if (begun.RemovesPasskeys)
        {
            await passkeys.RemoveAllAsync(user.Id);
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
                HttpContext, user, methods, begun.IsRemembered, Target,
                session: begun.Kind is PendingKind.NewSession ? begun.Session : null);
        }

        return Target;
    }

    /// <summary>True if the session has shown a second factor already: the form came again after it had succeeded.</summary>
    private async Task<bool> IsShownAsync() =>
        await BrowserSessions.FindAsync(HttpContext) is { } present && AvailableFactors.HasShownSecondFactor(present);

    private async Task<(User User, PendingSignIn Begun)?> FindAsync()
    {
        // A person who is signed in without a second factor has shown the password already: this is a step-up.
        var begun = pending.Cookie.Get(HttpContext)
            ?? (await BrowserSessions.FindAsync(HttpContext) is { } present && !AvailableFactors.HasShownSecondFactor(present)
                ? new PendingSignIn(
                    present.User.Id, present.User.Stamp, present.Methods, present.IsRemembered, PendingKind.StepUp, present.Session.Id)
                : null);
        return begun is not null
            && await users.FindByIdAsync(begun.User.ToString()) is { TwoFactorEnabled: true, DisabledAt: null } user
            && user.Stamp == begun.SecurityStamp
                ? (user, begun)
                : null;
    }
}

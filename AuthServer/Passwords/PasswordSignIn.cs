using AuthServer.SecurityLog;
using AuthServer.Throttling;
using AuthServer.Users;

namespace AuthServer.Passwords;

internal enum PasswordOutcome
{
    /// <summary>There is no such user, the password is wrong, or the account is locked or disabled. The person is not told which.</summary>
    Refused,

    Passed,

    /// <summary>Not checked: there were too many failures from this address or client, or for this name.</summary>
    Throttled,

    /// <summary>Not checked: the node already has as many passwords to check as it accepts.</summary>
    Busy,
}

/// <param name="User">The user, if the outcome is <see cref="PasswordOutcome.Passed"/>.</param>
/// <param name="RetryAfter">How long to wait before another attempt, if the password was not checked.</param>
internal readonly record struct PasswordResult(PasswordOutcome Outcome, User? User, TimeSpan RetryAfter);

/// <summary>Checks a user name and a password, with all protections: throttling, lockout, and the limit on concurrent hashes.</summary>
internal sealed class PasswordSignIn(
    SignInThrottle throttle, UserLookup lookup, PasswordVerifier passwords, Lockout lockout, SecurityEvents events)
{
    /// <param name="browser">Null if the browser is not known, or the request comes from no browser.</param>
    public async Task<PasswordResult> TryAsync(
        SignInThrottle.Source source, string nameOrEmail, string password, KnownBrowser? browser, CancellationToken cancellationToken)
    {
        if (!throttle.TryBegin(source, throttle.OfName(nameOrEmail, browser?.Id ?? Guid.Empty), out var attempt, out var retryAfter))
        {
            events.Refused(
                SecurityEventKinds.SignInThrottled,
                RefusalCodes.Throttled,
                "Too many failures from this address or client, or for this name.",
                typed: nameOrEmail);
            return new(PasswordOutcome.Throttled, null, retryAfter);
        }

        var user = await lookup.FindAsync(nameOrEmail, cancellationToken);
        var check = await passwords.CheckAsync(user, password, cancellationToken);
        if (check is PasswordCheck.Busy)
        {
            throttle.GiveBack(attempt);
            return new(PasswordOutcome.Busy, null, passwords.RetryAfter);
        }

        // The lockout is checked after the password, so that a locked account takes as long as a wrong password.
        if (check is PasswordCheck.Wrong
            || user is null
            || !await lockout.TryPassAsync(user, browser, cancellationToken, forgets: !user.TwoFactorEnabled))
        {
            var (code, reason) = ReasonOf(user, check);
            events.Refused(SecurityEventKinds.PasswordRefused, code, reason, user?.Id, user is null ? nameOrEmail : null);
            await lockout.CountFailureAsync(user, nameOrEmail, browser, cancellationToken);
            return default;
        }

        throttle.GiveBack(attempt);
        if (check is PasswordCheck.RightByOldHash)
        {
            await passwords.RehashAsync(user, password, cancellationToken);
        }

        return new(PasswordOutcome.Passed, user, default);
    }

    private static (string Code, string Reason) ReasonOf(User? user, PasswordCheck check) => (user, check) switch
    {
        (null, _) => (RefusalCodes.UnknownAccount, "There is no such account."),
        (_, PasswordCheck.Wrong) => (RefusalCodes.WrongPassword, "The password is wrong."),
        ({ DisabledAt: not null }, _) => (RefusalCodes.Disabled, "The account is disabled."),
        _ => (RefusalCodes.Locked, "The account is locked out."),
    };
}

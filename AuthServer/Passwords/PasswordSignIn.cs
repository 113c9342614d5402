using AuthServer.SecurityLog;
using AuthServer.Throttling;
using AuthServer.Users;

namespace AuthServer.Passwords;

internal enum PasswordOutcome
{
    /// <summary>There is no such user, the password is wrong, or the account is locked or disabled: nobody is told which.</summary>
    Refused,

    Passed,

    /// <summary>Not looked at: too many failures from there, or of that account.</summary>
    Throttled,

    /// <summary>Not looked at: the node has as many passwords to check as it takes on.</summary>
    Busy,
}

/// <param name="User">Who it is, when <see cref="PasswordOutcome.Passed"/>.</param>
/// <param name="RetryAfter">When it is worth another attempt, where it was not looked at.</param>
internal readonly record struct PasswordResult(PasswordOutcome Outcome, User? User, TimeSpan RetryAfter);

/// <summary>A user name and a password typed somewhere, with all that guards them: throttling, lockout, the bound on hashes.</summary>
internal sealed class PasswordSignIn(SignInThrottle throttle, UserLookup lookup, PasswordVerifier passwords, Lockout lockout, SecurityEvents events)
{
    /// <param name="browser">Null where it is not known, and for what is no browser.</param>
    public async Task<PasswordResult> TryAsync(
        SignInThrottle.Origin origin, string nameOrEmail, string password, KnownBrowser? browser, CancellationToken cancellationToken)
    {
        if (!throttle.TryBegin(origin, throttle.OfName(nameOrEmail, browser?.Id ?? Guid.Empty), out var attempt, out var retryAfter))
        {
            events.Refused(SecurityEventKinds.SignInThrottled, "Too many failures from there, or for that name.", typed: nameOrEmail);
            return new(PasswordOutcome.Throttled, null, retryAfter);
        }

        var user = await lookup.FindAsync(nameOrEmail, cancellationToken);
        var check = await passwords.CheckAsync(user, password, cancellationToken);
        if (check is PasswordCheck.Busy)
        {
            throttle.GiveBack(attempt);
            return new(PasswordOutcome.Busy, null, passwords.RetryAfter);
        }

        // Asked after the password, so that a locked account takes as long as a wrong password.
        if (check is PasswordCheck.Wrong || user is null || !await lockout.TryPassAsync(user, browser, cancellationToken, forgets: !user.TwoFactorEnabled))
        {
            events.Refused(SecurityEventKinds.PasswordRefused, ReasonOf(user, check), user?.Id, user is null ? nameOrEmail : null);
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

    private static string ReasonOf(User? user, PasswordCheck check) => (user, check) switch
    {
        (null, _) => "There is no such account.",
        (_, PasswordCheck.Wrong) => "The password is wrong.",
        ({ DisabledAt: not null }, _) => "The account is disabled.",
        _ => "The account is locked out.",
    };
}

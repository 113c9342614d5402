using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Throttling;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passkeys;

internal enum PasskeyOutcome
{
    /// <summary>The passkey is unknown, does not answer the challenge, or its owner is disabled. The person is not told which.</summary>
    Refused,

    Passed,

    /// <summary>Not checked: there were too many failures from this address.</summary>
    Throttled,
}

/// <param name="User">The user, if the outcome is <see cref="PasskeyOutcome.Passed"/>.</param>
/// <param name="RetryAfter">How long to wait before another attempt, if the passkey was not checked.</param>
internal readonly record struct PasskeyResult(PasskeyOutcome Outcome, User? User, TimeSpan RetryAfter);

/// <summary>A sign-in without a user name: the passkey identifies its owner.</summary>
internal sealed class PasskeySignIn(
    IPasskeyHandler<User> handler, PasskeyCeremonies ceremonies, UserManager<User> users, SignInThrottle throttle, SecurityEvents events)
{
    /// <returns>PublicKeyCredentialRequestOptionsJSON (WebAuthn 3 5.1.9). It names no passkey: that would tell who has one.</returns>
    public async Task<string> BeginAsync(HttpContext http)
    {
        var options = await handler.MakeRequestOptionsAsync(user: null, http);
        ceremonies.Begin(http, isRegistration: false, options.AssertionState!);
        return options.RequestOptionsJson;
    }

    /// <param name="credential">AuthenticationResponseJSON (WebAuthn 3 5.1.8.2), as the browser sent it.</param>
    public async Task<PasskeyResult> TryAsync(HttpContext http, string credential)
    {
        var address = http.RemoteAddress();
        if (!throttle.TryBegin(throttle.OfAddress(address), throttle.OfPasskeys(address), out var attempt, out var retryAfter))
        {
            events.Refused(
                SecurityEventKinds.SignInThrottled, RefusalCodes.Throttled, "Too many passkeys from this address were refused.");
            return new(PasskeyOutcome.Throttled, null, retryAfter);
        }

        if (await ceremonies.TakeAsync(http, isRegistration: false) is not { } state)
        {
            return Refuse("The browser has no challenge to answer.");
        }

        var result = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = credential, AssertionState = state });
        if (!result.Succeeded)
        {
            PasskeyFailure.ThrowIfOurs(result.Failure);
            return Refuse("The passkey is unknown or does not answer the challenge.");
        }

        // The lockout does not apply: strangers can cause it with wrong passwords, but they do not have the passkey.
        if (result.User.DisabledAt is not null)
        {
            return Refuse("The account is disabled.", result.User.Id);
        }

        if (!(await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Succeeded)
        {
            return Refuse("The account was changed during the sign-in.", result.User.Id);
        }

        throttle.GiveBack(attempt);
        return new(PasskeyOutcome.Passed, result.User, default);
    }

    private PasskeyResult Refuse(string reason, Guid? subject = null)
    {
        events.Refused(SecurityEventKinds.PasskeyRefused, RefusalCodes.PasskeyRefused, reason, subject);
        return default;
    }
}

using AuthServer.Hosting.Throttling;
using AuthServer.Passwords;
using AuthServer.Users;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Grants;

/// <summary>RFC 6749 4.3, for first-party apps.</summary>
internal sealed class PasswordGrant(
    IOpenIddictApplicationManager clients,
    SignInThrottle throttle,
    UserLookup lookup,
    PasswordVerifier passwords,
    Lockout lockout,
    TokenPrincipal principals,
    TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(HttpContext context, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var confidential = await clients.FindByClientIdAsync(request.ClientId!, cancellationToken) is { } client
            && await clients.HasClientTypeAsync(client, ClientTypes.Confidential, cancellationToken);
        var origin = confidential ? throttle.OfClient(request.ClientId!) : throttle.OfAddress(context.Connection.RemoteIpAddress);
        if (!throttle.TryBegin(origin, request.Username!, out var attempt, out var retryAfter))
        {
            return OAuthError.TooManyAttempts(retryAfter);
        }

        var user = await lookup.FindAsync(request.Username!, cancellationToken);
        var check = await passwords.CheckAsync(user, request.Password!, cancellationToken);
        if (check is PasswordCheck.Busy)
        {
            throttle.GiveBack(attempt);
            return OAuthError.Busy(passwords.RetryAfter);
        }

        // Asked after the password, so that a locked account takes as long as a wrong password.
        if (check is PasswordCheck.Wrong || user is null || !await lockout.TryPassAsync(user, cancellationToken))
        {
            await lockout.CountFailureAsync(user, cancellationToken);
            return OAuthError.InvalidCredentials;
        }

        throttle.GiveBack(attempt);
        if (check is PasswordCheck.RightByOldHash)
        {
            await passwords.RehashAsync(user, request.Password!, cancellationToken);
        }

        var signIn = new SignIn(user, time.GetUtcNow(), [AuthenticationMethodReferences.Password]);
        return await principals.ForUserAsync(signIn, request, request.GetScopes(), cancellationToken);
    }
}

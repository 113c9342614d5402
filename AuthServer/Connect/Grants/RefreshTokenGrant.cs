using System.Collections.Immutable;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace AuthServer.Connect.Grants;

/// <summary>
/// RFC 6749 6. The token has been read and is the client's own; whether the person may go on, and whether the token is
/// the living one of its family, is asked here.
/// </summary>
internal sealed class RefreshTokenGrant(
    ClientCache clients, AuthDbContext database, TokenPrincipal principals, Rotation rotation, SessionEnd sessions, SecurityEvents events, TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(
        HttpContext context, OpenIddictServerTransaction transaction, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var (token, family) = PresentedRefreshToken.Of(transaction)
            ?? throw new InvalidOperationException("OpenIddict passed a refresh on that no handler has read.");
        if (RefusalOf(family) is { } reason)
        {
            await sessions.EndAsync(family.SessionId, reason, cause: null);
            return OAuthError.SignInEnded;
        }

        if (await clients.FindAsync(database, family.ClientId, cancellationToken) is not { Policy: var policy })
        {
            return OAuthError.SignInEnded;
        }

        var now = time.GetUtcNow();
        var until = policy.RefreshUntil(family.AuthenticatedAt, now);
        if (until <= now)
        {
            return OAuthError.SignInEnded;
        }

        // What the client has lost since the sign-in is lost with the next refresh.
        ImmutableArray<string> granted = [.. JsonSerializer.Deserialize<string[]>(family.Scopes!)!.Where(policy.Grants)];
        var signIn = new SignIn(family.User, family.Roles, family.AuthenticatedAt, family.Methods.Split(' '));
        var result = await principals.ForUserAsync(signIn, request, granted, AskedClaims.Read(family.Properties).Within(policy, granted), cancellationToken);
        if (result.Principal is null)
        {
            return result;
        }

        // Last, because a token is spent by it.
        var (outcome, successor) = await rotation.RedeemAsync(token, family, until, policy.Leeway, Origin.Of(context), cancellationToken);
        if (outcome is Rotation.Outcome.Reused)
        {
            events.Refused(SecurityEventKinds.RefreshTokenReused, "A spent refresh token came again: the sign-in has ended.", family.User.Id);
            await sessions.EndAsync(family.SessionId, SessionEndReasons.Reuse, Reuse(context, token, family));
        }

        if (outcome is Rotation.Outcome.Reused or Rotation.Outcome.Ended)
        {
            return OAuthError.SignInEnded;
        }

        TokenPrincipal.Attach(result.Principal, family.SessionId, family.AuthorizationId);
        IssuedRefreshToken.Set(transaction, successor);
        return result;
    }

    // Identity's lockout does not count: who mistypes somebody else's password ten times must not sign them out.
    public static string? RefusalOf(Family family) => family.User switch
    {
        { DisabledAt: not null } => SessionEndReasons.UserLocked,
        { SecurityStamp: var stamp } when stamp != family.SecurityStamp => SessionEndReasons.CredentialsChanged,
        _ => null,
    };

    private SessionEvent Reuse(HttpContext context, RefreshToken token, Family family) => new()
    {
        SessionId = family.SessionId,
        AuthorizationId = family.AuthorizationId,
        At = time.GetUtcNow(),
        Kind = SessionEventKind.Reused,
        Generation = token.Generation,
        Address = Origin.Of(context).Address,
    };
}

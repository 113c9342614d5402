using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Connect;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using OpenIddict.Abstractions;

namespace AuthServer.Compatibility;

/// <summary>
/// Refreshes with the access token itself, any number of times. It does what the refresh token grant does, without the protection of
/// rotation. It is possible until a limit that counts from the sign-in, as <c>orig_iat</c> did.
/// </summary>
internal sealed class AccessTokenRefresh(TokenCheck check, TokenPrincipal principals, AuthDbContext database, TimeProvider time)
{
    public async Task<(ClaimsPrincipal? Principal, IResult? Refusal)> RefreshAsync(
        HttpContext context, string token, ClientPolicy policy, CancellationToken cancellationToken)
    {
        var (presented, refusal) = await check.CheckAsync(context, token, cancellationToken);
        if (presented is null)
        {
            return (null, refusal);
        }

        var authorization = presented.Authorization;
        var now = time.GetUtcNow();
        var end = RefreshByAccessToken.EndOf(authorization, policy);
        if (end <= now)
        {
            return (null, Refusal.RefreshExpired);
        }

        if (presented.HasExpired)
        {
            return (null, Refusal.Expired);
        }

        if (end is not { } until)
        {
            return (null, Refusal.NotRefreshable);
        }

        // A scope that the client has lost since the sign-in is dropped at the next refresh.
        var granted = authorization.GrantedScopes(policy);
        var request = new OpenIddictRequest { ClientId = authorization.ClientId };
        ActingClient.Present(context, request);
        var result = await principals.ForUserAsync(authorization.SignIn, request, granted, RequestedClaims.None, cancellationToken);
        if (result.Principal is null)
        {
            return (null, result.Error);
        }

        TokenPrincipal.Attach(result.Principal, authorization.SessionId, authorization.Id);
        if (until - now < policy.AccessLifetime)
        {
            result.Principal.SetAccessTokenLifetime(until - now);
        }

        await NoteAsync(authorization, now, RequestSource.Of(context), cancellationToken);
        return (result.Principal, null);
    }

    private async Task NoteAsync(
        AuthorizationSnapshot authorization, DateTimeOffset now, RequestSource source, CancellationToken cancellationToken)
    {
        database.Add(authorization.EventOf(SessionEventKind.Refreshed, authorization.Generation, now, source));
        if (authorization.LastSeenAt + Session.LastSeenStep <= now)
        {
            var session = Session.Stub(authorization.SessionId);
            database.Attach(session);
            session.LastSeenAt = now;
        }

        await database.SaveChangesAsync(cancellationToken);
    }
}

using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
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

        var family = presented.SignIn;
        var now = time.GetUtcNow();
        var end = RefreshByAccessToken.EndOf(family, policy);
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
        ImmutableArray<string> granted = [.. JsonSerializer.Deserialize<string[]>(family.Scopes!)!.Where(policy.Grants)];
        var request = new OpenIddictRequest { ClientId = family.ClientId };
        ActingClient.Present(context, request);
        var signIn = new SignIn(family.User, family.Roles, family.AuthenticatedAt, family.Methods.Split(' '));
        var result = await principals.ForUserAsync(signIn, request, granted, AskedClaims.None, cancellationToken);
        if (result.Principal is null)
        {
            return (null, result.Error);
        }

        TokenPrincipal.Attach(result.Principal, family.SessionId, family.AuthorizationId);
        if (until - now < policy.AccessLifetime)
        {
            result.Principal.SetAccessTokenLifetime(until - now);
        }

        await NoteAsync(family, now, Origin.Of(context), cancellationToken);
        return (result.Principal, null);
    }

    private async Task NoteAsync(Family family, DateTimeOffset now, Origin origin, CancellationToken cancellationToken)
    {
        database.Add(new SessionEvent
        {
            SessionId = family.SessionId,
            AuthorizationId = family.AuthorizationId,
            At = now,
            Kind = SessionEventKind.Refreshed,
            Generation = family.Generation,
            Address = origin.Address,
        });
        if (family.LastSeenAt + Session.LastSeenStep <= now)
        {
            var session = Session.Stub(family.SessionId);
            database.Attach(session);
            session.LastSeenAt = now;
        }

        await database.SaveChangesAsync(cancellationToken);
    }
}

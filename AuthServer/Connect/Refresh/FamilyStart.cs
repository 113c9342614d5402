using System.Collections.Immutable;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>Writes a password grant down: its session, and what it gave to the client, in one transaction.</summary>
internal sealed class FamilyStart(AuthDbContext context)
{
    /// <param name="refreshesByAccessToken">See <see cref="RefreshByAccessToken"/>.</param>
    /// <returns>The first refresh token. Nothing is in the database until the context is saved.</returns>
    public (Session Session, RefreshToken Token) Begin(
        SignIn signIn, Client client, ClientPolicy policy, ImmutableArray<string> scopes, Origin origin, bool refreshesByAccessToken)
    {
        var now = signIn.AuthenticatedAt;
        var refreshes = scopes.Contains(Scopes.OfflineAccess);
        var session = Session.Begin(
            signIn, origin, now + ((refreshes || refreshesByAccessToken) && policy.RefreshLifetime > policy.AccessLifetime ? policy.RefreshLifetime : policy.AccessLifetime));
        context.Add(session);

        var authorization = Prepare(session.Id, signIn, client, scopes, now);
        authorization.Generation = refreshes ? 1 : 0;
        authorization.RefreshedAt = now;
        authorization.RefreshExpiresAt = refreshes ? policy.RefreshUntil(now, now) : refreshesByAccessToken ? now + policy.RefreshLifetime : now;
        context.Add(Issued(authorization, now, origin));
        return (session, new RefreshToken(authorization.Id, authorization.Generation, now));
    }

    /// <summary>What a client is to get in a session, once it redeems the code.</summary>
    public Authorization Prepare(Guid session, SignIn signIn, Client client, ImmutableArray<string> scopes, DateTimeOffset now)
    {
        var authorization = new Authorization
        {
            SessionId = session,
            CreationDate = now.UtcDateTime,
            AuthenticatedAt = signIn.AuthenticatedBy(now),
            Methods = string.Join(' ', signIn.Methods),
            Scopes = JsonSerializer.Serialize(scopes),
            Status = Statuses.Valid,
            Subject = signIn.User.Id.ToString(),
            Type = AuthorizationTypes.AdHoc,
        };
        context.Add(authorization);
        context.Entry(authorization).Property<Guid?>("ApplicationId").CurrentValue = client.Id;
        return authorization;
    }

    public static SessionEvent Issued(Authorization authorization, DateTimeOffset at, Origin origin) => new()
    {
        SessionId = authorization.SessionId!.Value,
        AuthorizationId = authorization.Id,
        At = at,
        Kind = SessionEventKind.Issued,
        Generation = authorization.Generation,
        Address = origin.Address,
    };
}

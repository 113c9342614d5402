using System.Collections.Immutable;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>Writes a sign-in down: its session, and what it gave to the client, in one transaction.</summary>
internal sealed class FamilyStart(AuthDbContext context)
{
    /// <param name="refreshesByAccessToken">See <see cref="RefreshByAccessToken"/>.</param>
    /// <returns>The first refresh token. Nothing is in the database until the context is saved.</returns>
    public (Session Session, RefreshToken Token) Begin(
        SignIn signIn, Client client, ClientPolicy policy, ImmutableArray<string> scopes, Origin origin, bool refreshesByAccessToken)
    {
        var now = signIn.AuthenticatedAt;
        var refreshes = scopes.Contains(Scopes.OfflineAccess);
        var session = new Session
        {
            UserId = signIn.User.Id,
            CreatedAt = now,
            AuthenticatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + ((refreshes || refreshesByAccessToken) && policy.RefreshLifetime > policy.AccessLifetime ? policy.RefreshLifetime : policy.AccessLifetime),
            Methods = string.Join(' ', signIn.Methods),
            SecurityStamp = signIn.User.SecurityStamp ?? "",
            Address = origin.Address,
            UserAgent = origin.UserAgent,
        };
        context.Add(session);

        var authorization = new Authorization
        {
            SessionId = session.Id,
            CreationDate = now.UtcDateTime,
            Scopes = JsonSerializer.Serialize(scopes),
            Status = Statuses.Valid,
            Subject = signIn.User.Id.ToString(),
            Type = AuthorizationTypes.AdHoc,
            Generation = refreshes ? 1 : 0,
            RefreshedAt = now,
            RefreshExpiresAt = refreshes ? policy.RefreshUntil(now, now) : refreshesByAccessToken ? now + policy.RefreshLifetime : now,
        };
        context.Add(authorization);
        context.Entry(authorization).Property<Guid?>("ApplicationId").CurrentValue = client.Id;
        context.Add(new SessionEvent
        {
            SessionId = session.Id,
            AuthorizationId = authorization.Id,
            At = now,
            Kind = SessionEventKind.Issued,
            Generation = authorization.Generation,
            Address = origin.Address,
        });
        return (session, new RefreshToken(authorization.Id, authorization.Generation, now));
    }
}

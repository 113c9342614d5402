using System.Collections.Immutable;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// Adds a client's authorization to the context, and for a grant that signs a user in, the session too. The caller saves the context.
/// </summary>
internal sealed class AuthorizationWriter(AuthDbContext context)
{
    /// <param name="refreshesByAccessToken">See <see cref="RefreshByAccessToken"/>.</param>
    /// <returns>The new session, and the content of the first refresh token.</returns>
    public (Session Session, RefreshToken Token) Begin(
        SignIn signIn, Client client, ClientPolicy policy, ImmutableArray<string> scopes, RequestSource source, bool refreshesByAccessToken)
    {
        var now = signIn.AuthenticatedAt;
        var refreshes = scopes.Contains(Scopes.OfflineAccess);
        var isRefreshed = refreshes || refreshesByAccessToken;
        var session = Session.Begin(
            signIn,
            source,
            now + (isRefreshed && policy.RefreshLifetime > policy.AccessLifetime ? policy.RefreshLifetime : policy.AccessLifetime));
        context.Add(session);

        var authorization = Prepare(session.Id, signIn, client, scopes, now);
        authorization.Generation = refreshes ? 1 : 0;
        authorization.RefreshedAt = now;
        authorization.RefreshExpiresAt = refreshes ? policy.RefreshUntil(now, now)
            : refreshesByAccessToken ? now + policy.RefreshLifetime
            : now;
        context.Add(SessionEvent.Of(SessionEventKind.Issued, session.Id, now, authorization.Id, authorization.Generation, source.Address));
        return (session, new RefreshToken(authorization.Id, authorization.Generation, now));
    }

    /// <summary>Adds the authorization that a client will use once it redeems its code.</summary>
    /// <param name="isKnown">True if the client already has an authorization with these scopes in the session: no event.</param>
    public Authorization Prepare(
        Guid session, SignIn signIn, Client client, ImmutableArray<string> scopes, DateTimeOffset now, bool isKnown = false)
    {
        var authorization = new Authorization
        {
            SessionId = session,
            CreationDate = now.UtcDateTime,
            AuthenticatedAt = signIn.AuthenticatedBy(now),
            Methods = string.Join(' ', signIn.Methods),
            Scopes = ScopeList.Write(scopes),
            Status = Statuses.Valid,
            Subject = signIn.User.Id.ToString(),
            Type = AuthorizationTypes.AdHoc,
        };
        context.Add(authorization);
        context.Entry(authorization).Property<Guid?>("ApplicationId").CurrentValue = client.Id;
        if (!isKnown)
        {
            context.Record(new AuditFact(AuditActions.AppSignedIn, AuditTarget.Session(session, signIn.User.Id))
            {
                IsOwnAct = signIn.Actor is null,
                Changes = new Dictionary<string, AuditChange>(StringComparer.Ordinal)
                {
                    ["client"] = new(null, client.ClientId),
                    ["scopes"] = new(null, authorization.Scopes),
                },
            });
        }

        return authorization;
    }
}

using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Grants;

/// <summary>
/// RFC 6749 4.1.3, and RFC 8628 3.4 for a device code that a person has approved. OpenIddict has checked that the code is the client's, is of this redirect URI, and fits the code verifier
/// (RFC 7636 4.6). One conditional update of the authorization redeems it: of any number of requests one wins.
/// </summary>
internal sealed class AuthorizationCodeGrant(
    ClientCache clients, AuthDbContext database, FamilyQueries queries, TokenPrincipal principals, SessionEnd sessions, TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(
        HttpContext context, OpenIddictServerTransaction transaction, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var code = CodeOf(transaction);
        if (await clients.FindAsync(database, request.ClientId!, cancellationToken) is not { Policy: var policy }
            || !Guid.TryParse(code.GetClaim(TokenPrincipal.AuthorizationClaim), out var id)
            || await queries.FindAsync(database, id) is not { EndedAt: null, Status: Statuses.Valid } prepared
            || RefreshTokenGrant.RefusalOf(prepared) is not null)
        {
            return OAuthError.SignInEnded;
        }

        var granted = code.GetScopes();
        var signIn = new SignIn(prepared.User, prepared.Roles, prepared.AuthenticatedAt, prepared.Methods.Split(' '));
        var result = await principals.ForUserAsync(signIn, request, granted, AskedClaims.Read(prepared.Properties).Within(policy, granted), cancellationToken);
        if (result.Principal is null)
        {
            return result;
        }

        var now = time.GetUtcNow();
        var refreshes = granted.Contains(Scopes.OfflineAccess);
        var token = new RefreshToken(id, refreshes ? 1 : 0, now);
        if (!await TryRedeemAsync(token, prepared, refreshes ? policy.RefreshUntil(prepared.AuthenticatedAt, now) : now, policy, Origin.Of(context), request.IsDeviceCodeGrantType(), cancellationToken))
        {
            // RFC 6749 4.1.2: twice at once is twice, too.
            await sessions.EndPartAsync(prepared.SessionId, id, SessionEndReasons.CodeReuse, cause: null);
            return OAuthError.CodeRedeemed;
        }

        TokenPrincipal.Attach(result.Principal, prepared.SessionId, id);
        IssuedRefreshToken.Set(transaction, token);
        return result;
    }

    private static ClaimsPrincipal CodeOf(OpenIddictServerTransaction transaction)
    {
        var authenticated = transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!)!;
        return (authenticated.AuthorizationCodePrincipal ?? authenticated.DeviceCodePrincipal)!;
    }

    private Task<bool> TryRedeemAsync(
        RefreshToken token, Family prepared, DateTimeOffset expiresAt, ClientPolicy policy, Origin origin, bool isDevice, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellation =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                var concurrencyToken = Guid.CreateVersion7().ToString();
                var won = await database.Authorizations
                    .Where(row => row.Id == token.Authorization && row.RefreshedAt == null && row.Status == Statuses.Valid)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.Generation, token.Generation)
                            .SetProperty(row => row.RefreshedAt, token.IssuedAt)
                            .SetProperty(row => row.RefreshExpiresAt, expiresAt)
                            .SetProperty(row => row.ConcurrencyToken, concurrencyToken),
                        cancellation) is 1;
                if (!won)
                {
                    return false;
                }

                var keptUntil = expiresAt > token.IssuedAt + policy.AccessLifetime ? expiresAt : token.IssuedAt + policy.AccessLifetime;
                await database.Sessions.Where(row => row.Id == prepared.SessionId && row.ExpiresAt < keptUntil)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, keptUntil), cancellation);
                if (isDevice)
                {
                    // Approved by another device, it comes from here.
                    await database.Sessions.Where(row => row.Id == prepared.SessionId)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Address, origin.Address).SetProperty(row => row.UserAgent, origin.UserAgent), cancellation);
                }

                database.Add(new SessionEvent
                {
                    SessionId = prepared.SessionId,
                    AuthorizationId = token.Authorization,
                    At = token.IssuedAt,
                    Kind = SessionEventKind.Issued,
                    Generation = token.Generation,
                    Address = origin.Address,
                });
                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return true;
            },
            cancellationToken);
}

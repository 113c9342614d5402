using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Grants;

/// <summary>
/// Redeems an authorization code (RFC 6749 4.1.3) or the device code that a user has approved (RFC 8628 3.4). OpenIddict has checked that
/// the code was issued to this client, for this redirect URI, and that it fits the code verifier (RFC 7636 4.6).
/// </summary>
internal sealed class CodeGrant(
    ClientCache clients,
    AuthDbContext database,
    AuthorizationQueries queries,
    TokenPrincipal principals,
    Redeemer redeemer,
    CodeReuse reuse,
    ImpersonationCheck impersonations,
    TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(
        HttpContext context, OpenIddictServerTransaction transaction, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var code = CodeOf(transaction);
        if (await clients.FindAsync(database, request.ClientId!, cancellationToken) is not { Policy: var policy }
            || !Guid.TryParse(code.GetClaim(TokenPrincipal.AuthorizationClaim), out var id)
            || await queries.FindAsync(database, id) is not { EndedAt: null, Status: Statuses.Valid, ReasonToEnd: null } authorization
            || await impersonations.ReasonToEndAsync(authorization.Impersonation, cancellationToken) is not null)
        {
            return OAuthError.SignInEnded;
        }

        var granted = code.GetScopes();
        var requested = RequestedClaims.Read(authorization.Properties).AllowedTo(policy, granted);
        var result = await principals.ForUserAsync(authorization.SignIn, request, granted, requested, cancellationToken);
        if (result.Principal is null)
        {
            return result;
        }

        var source = RequestSource.Of(context);
        var present = authorization;
        while (present.RefreshedAt is null)
        {
            var redemption = RedemptionOf(present, policy, granted, source, request.IsDeviceCodeGrantType());
            var (isRedeemed, changed) = await redeemer.TryAsync(redemption, cancellationToken);
            if (isRedeemed)
            {
                TokenPrincipal.Attach(result.Principal, authorization.SessionId, id);
                TokenPrincipal.Limit(
                    result.Principal, authorization, policy, transaction.Options.IdentityTokenLifetime!.Value, time.GetUtcNow());
                RequestState.Of(transaction).IssuedRefreshToken = redemption.Successor;
                RequestSteps.Find(context)?.Add(
                    SupportSteps.TokensIssued, user: authorization.User.Id, session: authorization.SessionId, client: request.ClientId);
                return result;
            }

            if (changed is null)
            {
                return OAuthError.SignInEnded;
            }

            present = changed;
        }

        // RFC 6749 4.1.2: two concurrent requests with one code are a reuse as well.
        await reuse.EndAsync(authorization.SessionId, id, authorization.User.Id, source);
        return OAuthError.CodeRedeemed;
    }

    private static ClaimsPrincipal CodeOf(OpenIddictServerTransaction transaction)
    {
        var authenticated = RequestState.ContextOf<ProcessAuthenticationContext>(transaction)!;
        return (authenticated.AuthorizationCodePrincipal ?? authenticated.DeviceCodePrincipal)!;
    }

    private Redemption RedemptionOf(
        AuthorizationSnapshot authorization, ClientPolicy policy, IReadOnlyCollection<string> granted, RequestSource source, bool isDevice)
    {
        var now = time.GetUtcNow();
        var refreshes = granted.Contains(Scopes.OfflineAccess);
        var token = new RefreshToken(authorization.Id, refreshes ? 1 : 0, now);
        var expiresAt = refreshes ? authorization.Within(policy.RefreshUntil(authorization.AuthenticatedAt, now)) : now;
        var accessUntil = authorization.Within(now + policy.AccessLifetime);
        var issued = authorization.EventOf(SessionEventKind.Issued, token.Generation, now, source);
        return new Redemption(authorization, token, expiresAt, issued)
        {
            KeptUntil = expiresAt > accessUntil ? expiresAt : accessUntil,
            Device = isDevice ? source : null,
        };
    }
}

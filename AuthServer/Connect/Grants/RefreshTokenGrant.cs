using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using AuthServer.Telemetry;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace AuthServer.Connect.Grants;

/// <summary>
/// RFC 6749 6. ReadRefreshToken has read the token, and OpenIddict has checked that it was issued to this client. This class decides
/// whether the user may go on, and <see cref="RefreshTokenRotation"/> whether the token can still be redeemed.
/// </summary>
internal sealed class RefreshTokenGrant(
    ClientCache clients,
    AuthDbContext database,
    TokenPrincipal principals,
    RefreshTokenRotation rotation,
    SessionEnd sessions,
    ImpersonationCheck impersonations,
    SecurityEvents events,
    ServerMetrics metrics,
    TimeProvider time)
{
    public async Task<GrantResult> HandleAsync(
        HttpContext context, OpenIddictServerTransaction transaction, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var state = RequestState.Of(transaction);
        var (token, authorization) = state.PresentedRefreshToken
            ?? throw new InvalidOperationException("OpenIddict passed on a refresh request, but no handler has read its token.");
        if ((authorization.ReasonToEnd ?? await impersonations.ReasonToEndAsync(authorization.Impersonation, cancellationToken)) is { } reason)
        {
            await sessions.EndAsync(authorization.SessionId, reason, cause: null);
            return Ended();
        }

        if (await clients.FindAsync(database, authorization.ClientId, cancellationToken) is not { Policy: var policy })
        {
            return Ended();
        }

        var now = time.GetUtcNow();
        var until = authorization.Within(policy.RefreshUntil(authorization.AuthenticatedAt, now));
        if (until <= now)
        {
            return Ended();
        }

        var granted = authorization.GrantedScopes(policy);
        var requested = RequestedClaims.Read(authorization.Properties).AllowedTo(policy, granted);
        var result = await principals.ForUserAsync(authorization.SignIn, request, granted, requested, cancellationToken);
        if (result.Principal is null)
        {
            return result;
        }

        // Last, because it redeems the token: a request that is refused above leaves the token usable.
        var source = RequestSource.Of(context);
        var (outcome, successor) = await rotation.RedeemAsync(token, authorization, until, policy.Leeway, source, cancellationToken);
        metrics.Refreshed(NameOf(outcome));
        if (outcome is RefreshTokenRotation.Outcome.Reused)
        {
            events.Refused(
                SecurityEventKinds.RefreshTokenReused,
                RefusalCodes.RefreshTokenReused,
                "A refresh token was used again after its leeway: the session has ended.",
                authorization.User.Id);
            database.Actor?.IsClient(request.ClientId!);
            await sessions.EndAsync(
                authorization.SessionId,
                SessionEndReasons.Reuse,
                authorization.EventOf(SessionEventKind.Reused, token.Generation, time.GetUtcNow(), source));
        }

        if (outcome is RefreshTokenRotation.Outcome.Reused or RefreshTokenRotation.Outcome.Ended)
        {
            return OAuthError.SignInEnded;
        }

        TokenPrincipal.Attach(result.Principal, authorization.SessionId, authorization.Id);
        TokenPrincipal.Limit(result.Principal, authorization, policy, transaction.Options.IdentityTokenLifetime!.Value, now);
        state.IssuedRefreshToken = successor;
        return result;
    }

    private OAuthError Ended()
    {
        metrics.Refreshed(NameOf(RefreshTokenRotation.Outcome.Ended));
        return OAuthError.SignInEnded;
    }

    private static string NameOf(RefreshTokenRotation.Outcome outcome) => outcome switch
    {
        RefreshTokenRotation.Outcome.Redeemed => RefreshOutcomes.Redeemed,
        RefreshTokenRotation.Outcome.Repeated => RefreshOutcomes.Repeated,
        RefreshTokenRotation.Outcome.Reused => RefreshOutcomes.Reused,
        _ => RefreshOutcomes.Ended,
    };
}

using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Keys;
using AuthServer.Protocol;
using AuthServer.Sessions;
using AuthServer.Telemetry;
using Microsoft.AspNetCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// Reads our refresh tokens in OpenIddict's place: decrypts the token and reads its authorization in one statement. Whether the token can
/// still be redeemed is decided later, by <see cref="RefreshTokenRotation"/>.
/// </summary>
internal sealed class ReadRefreshToken(
    RefreshTokenFormat format, KeyRing keys, AuthorizationQueries queries, AuthDbContext database, ServerMetrics metrics,
    TimeProvider time)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var isExpected = context.ValidTokenTypes.Contains(TokenTypeIdentifiers.RefreshToken);
        if (!isExpected && context.ValidTokenTypes.Count > 0)
        {
            return;
        }

        if (await ReadAsync(context.Token, context.CancellationToken) is not { } token)
        {
            if (isExpected && context.ValidTokenTypes.Count is 1)
            {
                context.Reject(Errors.InvalidToken, "The refresh token is not valid.");
            }

            return;
        }

        var authorization = await queries.FindAsync(database, token.AuthorizationId);
        if (authorization is not { Status: Statuses.Valid, EndedAt: null, ExpiresAt: { } expiresAt })
        {
            CountEnded(context);
            context.Reject(Errors.InvalidToken, OAuthError.SignInEnded.Description);
            return;
        }

        if (expiresAt <= time.GetUtcNow())
        {
            CountEnded(context);
            await RecordExpiryAsync(context, token, authorization);
            context.Reject(Errors.InvalidToken, "The refresh token has expired.");
            return;
        }

        // RFC 7662 2.2: a redeemed refresh token is inactive.
        if (context.EndpointType is OpenIddictServerEndpointType.Introspection
            && !(token.Generation == authorization.Generation && authorization.Issued(token)))
        {
            context.Reject(Errors.InvalidToken, "The refresh token has already been used.");
            return;
        }

        RequestState.Of(context.Transaction).PresentedRefreshToken = new PresentedRefreshToken(token, authorization);
        context.Principal = PrincipalOf(token, authorization);
    }

    private void CountEnded(ValidateTokenContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Token)
        {
            metrics.Refreshed(RefreshOutcomes.Ended);
        }
    }

    // Another node may have encrypted the token with a key that this node has not loaded yet.
    private async ValueTask<RefreshToken?> ReadAsync(string text, CancellationToken cancellationToken) =>
        format.Read(text) is { } token ? token
        : RefreshTokenFormat.KeyIdOf(text) is { } keyId && await keys.FindAsync(keyId, cancellationToken) ? format.Read(text)
        : null;

    private static ClaimsPrincipal PrincipalOf(RefreshToken token, AuthorizationSnapshot authorization)
    {
        var identity = new ClaimsIdentity("AuthServer", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, authorization.User.Id.ToString());
        identity.SetClaim(ProtocolNames.SessionIdClaim, authorization.SessionId.ToString());
        TokenPrincipal.SetActor(identity, authorization.ImpersonatorId);
        identity.SetTokenType(TokenTypeIdentifiers.RefreshToken);
        identity.SetPresenters(authorization.ClientId);
        identity.SetScopes(ScopeList.Read(authorization.Scopes));
        identity.SetCreationDate(token.IssuedAt);
        identity.SetExpirationDate(authorization.ExpiresAt);
        return new ClaimsPrincipal(identity);
    }

    private async Task RecordExpiryAsync(ValidateTokenContext context, RefreshToken token, AuthorizationSnapshot authorization)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token
            || !authorization.ClientId.Equals(context.Request?.ClientId, StringComparison.Ordinal))
        {
            return;
        }

        var latest = await database.SessionEvents.Where(entry => entry.SessionId == authorization.SessionId)
            .OrderByDescending(entry => entry.At)
            .Select(entry => (SessionEventKind?)entry.Kind)
            .FirstOrDefaultAsync(context.CancellationToken);
        if (latest is SessionEventKind.Expired)
        {
            return;
        }

        var source = context.Transaction.GetHttpRequest() is { } request ? RequestSource.Of(request.HttpContext) : null;
        database.Add(authorization.EventOf(SessionEventKind.Expired, token.Generation, time.GetUtcNow(), source));
        await database.SaveChangesAsync(context.CancellationToken);
    }
}

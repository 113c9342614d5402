using AuthServer.Clients;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Compatibility;

/// <summary>An access token of the acting client, with its sign-in, which has not ended.</summary>
/// <param name="HasExpired">True if the token itself has expired. Each endpoint decides what follows.</param>
internal sealed record CheckedToken(AuthorizationSnapshot Authorization, bool HasExpired);

/// <summary>
/// Checks an access token from a request body. OpenIddict validates the token; this class checks its client and its sign-in.
/// </summary>
internal sealed class TokenCheck(
    IOptions<CompatibilityOptions> options,
    IOpenIddictServerDispatcher dispatcher,
    AuthorizationQueries queries,
    AuthDbContext database,
    SessionEnd sessions,
    TimeProvider time)
{
    public async Task<(CheckedToken? Token, Refusal? Refusal)> CheckAsync(
        HttpContext context, string token, CancellationToken cancellationToken)
    {
        // The lifetime is checked below, so that an expired token gets another refusal than a forged one.
        var validation = new ValidateTokenContext(context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!)
        {
            CancellationToken = cancellationToken,
            DisableLifetimeValidation = true,
            Token = token,
            ValidTokenTypes = { TokenTypeIdentifiers.AccessToken },
        };
        await dispatcher.DispatchAsync(validation);
        if (validation.Principal is not { } principal
            || principal.GetClaim(Claims.ClientId) != options.Value.DjangoRestFrameworkJwt
            || !AccessTokenId.TryParse(principal.GetClaim(Claims.JwtId), out var id))
        {
            return (null, Refusal.Undecodable);
        }

        var authorization = await queries.FindAsync(database, id);
        if (authorization?.ReasonToEnd is { } reason)
        {
            await sessions.EndAsync(authorization.SessionId, reason, cause: null);
            return (null, reason is SessionEndReasons.UserDisabled ? Refusal.Disabled : Refusal.Expired);
        }

        // RefuseEndedAccessToken (Connect) rejects a token that was revoked or whose sign-in was ended.
        return authorization is null || validation.IsRejected
            ? (null, Refusal.Expired)
            : (new CheckedToken(authorization, principal.GetExpirationDate() <= time.GetUtcNow()), null);
    }
}

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

/// <summary>An access token of the acting client whose sign-in goes on.</summary>
/// <param name="HasExpired">Its own time is over, which is for the endpoint to weigh.</param>
internal sealed record CheckedToken(AuthorizationSnapshot Authorization, bool HasExpired);

/// <summary>Looks at an access token that came in a body: OpenIddict at what is signed, this at who it is of.</summary>
internal sealed class TokenCheck(
    IOptions<CompatibilityOptions> options,
    IOpenIddictServerDispatcher dispatcher,
    AuthorizationQueries queries,
    AuthDbContext database,
    SessionEnd sessions,
    TimeProvider time)
{
    public async Task<(CheckedToken? Token, Refusal? Refusal)> CheckAsync(HttpContext context, string token, CancellationToken cancellationToken)
    {
        // With its lifetime looked at below: one that is too old is told apart from one that is forged.
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
            return (null, reason is SessionEndReasons.UserLocked ? Refusal.Disabled : Refusal.Expired);
        }

        // Connect's RefuseEndedAccessToken has rejected what was ended or revoked.
        return authorization is null || validation.IsRejected
            ? (null, Refusal.Expired)
            : (new CheckedToken(authorization, principal.GetExpirationDate() <= time.GetUtcNow()), null);
    }
}

using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.Sessions;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// Refuses an access token at introspection and userinfo if it has been revoked, or its authorization or session has ended.
/// OpenIddict would look for the token's own entry, and our tokens have none.
/// </summary>
internal sealed class RefuseEndedAccessToken(AuthorizationQueries queries, ImpersonationCheck impersonations, AuthDbContext database)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.AccessToken) is not true)
        {
            return;
        }

        var standing = await queries.StandingOfAsync(database, context.Principal.GetClaim(Claims.JwtId));
        if (!standing.IsActive
            || (standing.Impersonation is { } impersonation
                && !await impersonations.HoldsAsync(impersonation, context.CancellationToken)))
        {
            context.Reject(Errors.InvalidToken, "The access token has been revoked, or its sign-in has ended.");
            return;
        }

        // For the userinfo endpoint, which would otherwise read the same row again.
        RequestState.Of(context.Transaction).RequestedClaims = RequestedClaims.Read(standing.Properties);
    }
}

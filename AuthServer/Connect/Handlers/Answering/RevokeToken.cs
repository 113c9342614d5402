using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.Answering;

/// <summary>
/// RFC 7009 2.1, in the place of OpenIddict's handler: a refresh token, also a spent one, ends its family with all access
/// tokens; an access token ends alone.
/// </summary>
internal sealed class RevokeToken(AuthDbContext context, SessionEnd sessions) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (RequestState.Of(context.Transaction).PresentedRefreshToken is { Authorization: var authorization })
        {
            await sessions.EndAuthorizationAsync(authorization.SessionId, authorization.Id, SessionEndReasons.RevokedByClient, cause: null);
        }
        else if (context.GenericTokenPrincipal.HasTokenType(TokenTypeIdentifiers.AccessToken))
        {
            await RevokeAsync(context.GenericTokenPrincipal.GetClaim(Claims.JwtId)!, context.GenericTokenPrincipal.GetExpirationDate()!.Value);
        }
        else
        {
            context.Reject(Errors.UnsupportedTokenType, "A token of this kind cannot be revoked.");
        }
    }

    // Also for a client that has hung up.
    private async Task RevokeAsync(string id, DateTimeOffset expiresAt)
    {
        context.Add(new RevokedToken { Id = id, ExpiresAt = expiresAt });
        try
        {
            await context.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Twice at once: it is there, or the database is away.
            context.ChangeTracker.Clear();
            if (!await context.RevokedTokens.AnyAsync(token => token.Id == id))
            {
                throw;
            }
        }
    }
}

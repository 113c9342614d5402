using AuthServer.Audit;
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
/// Revokes a token in OpenIddict's place (RFC 7009 2.1). A refresh token, even a redeemed one, ends its authorization with all access
/// tokens; an access token ends alone. OpenIddict would revoke the token's own entry, and our tokens have none.
/// </summary>
internal sealed class RevokeToken(AuthDbContext database, SessionEnd sessions) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        database.Actor?.IsClient(context.Request.ClientId!);
        if (RequestState.Of(context.Transaction).PresentedRefreshToken is { Authorization: var authorization })
        {
            await sessions.EndAuthorizationAsync(authorization.SessionId, authorization.Id, SessionEndReasons.RevokedByClient, cause: null);
        }
        else if (context.GenericTokenPrincipal.HasTokenType(TokenTypeIdentifiers.AccessToken))
        {
            await RevokeAsync(
                context.GenericTokenPrincipal.GetClaim(Claims.JwtId)!,
                context.GenericTokenPrincipal.GetExpirationDate()!.Value,
                context.GenericTokenPrincipal.GetClaim(Claims.Subject));
        }
        else
        {
            context.Reject(Errors.UnsupportedTokenType, "A token of this kind cannot be revoked.");
        }
    }

    // Without a cancellation token: the token is revoked even if the client has disconnected.
    private async Task RevokeAsync(string id, DateTimeOffset expiresAt, string? subject)
    {
        Guid? person = Guid.TryParse(subject, out var user) ? user : null;
        database.Record(new AuditFact(AuditActions.TokenRevoked, new AuditTarget(AuditTargets.Token, id, person)));
        database.Add(new RevokedToken { Id = id, ExpiresAt = expiresAt });
        try
        {
            await database.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Either a concurrent request has added the row, or the database has failed.
            database.ChangeTracker.Clear();
            if (!await database.RevokedTokens.AnyAsync(token => token.Id == id))
            {
                throw;
            }
        }
    }
}

using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.SecurityLog;
using AuthServer.Sessions;
using Microsoft.AspNetCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// RFC 6749 4.1.2, RFC 9700 4.5: a code that is used a second time was stolen or duplicated, so its authorization ends. OpenIddict
/// refuses the code too, but revokes only tokens with an entry of their own, and our tokens have none.
/// </summary>
internal sealed class RefuseReusedCode(AuthDbContext database, SessionEnd sessions, SecurityEvents events, TimeProvider time)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Transaction.Request?.ClientId is not { } client
            || context.Principal is null
            || !context.Principal.HasPresenter(client)
            || !Guid.TryParse(context.Principal.GetClaim(TokenPrincipal.AuthorizationClaim), out var id)
            || !Guid.TryParse(context.Principal.GetClaim(ProtocolNames.SessionIdClaim), out var session)
            || !await database.Authorizations.AnyAsync(row => row.Id == id && row.RefreshedAt != null))
        {
            return;
        }

        var address = context.Transaction.GetHttpRequest() is { } request ? RequestSource.Of(request.HttpContext).Address : null;
        var reused = SessionEvent.Of(SessionEventKind.Reused, session, time.GetUtcNow(), id, address: address);
        await sessions.EndAuthorizationAsync(session, id, SessionEndReasons.CodeReuse, reused);
        events.Refused(
            SecurityEventKinds.CodeReused,
            "A redeemed code was used again: its authorization has ended.",
            Guid.TryParse(context.Principal.GetClaim(Claims.Subject), out var subject) ? subject : null);
        context.Reject(Errors.InvalidGrant, OAuthError.CodeRedeemed.Description);
    }

    /// <summary>Most tokens are not codes; skip creating the handler for them.</summary>
    public sealed class RequireCode : IOpenIddictServerHandlerFilter<ValidateTokenContext>
    {
        public ValueTask<bool> IsActiveAsync(ValidateTokenContext context) => ValueTask.FromResult(
            context.EndpointType is OpenIddictServerEndpointType.Token
            && context.Principal?.GetTokenType()
                is TokenTypeIdentifiers.Private.AuthorizationCode or TokenTypeIdentifiers.Private.DeviceCode);
    }
}

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
/// RFC 6749 4.1.2, RFC 9700 4.5: an authorization code that comes again is in two hands, and what it gave ends. OpenIddict would
/// refuse it and leave that alive.
/// </summary>
internal sealed class RefuseReusedCode(AuthDbContext database, SessionEnd sessions, SecurityEvents events, TimeProvider time) : IOpenIddictServerHandler<ValidateTokenContext>
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

        var address = context.Transaction.GetHttpRequest() is { } request ? Origin.Of(request.HttpContext).Address : null;
        var reused = SessionEvent.Of(SessionEventKind.Reused, session, time.GetUtcNow(), id, address: address);
        await sessions.EndAuthorizationAsync(session, id, SessionEndReasons.CodeReuse, reused);
        events.Refused(
            SecurityEventKinds.CodeReused,
            "A redeemed code came again: what it gave has ended.",
            Guid.TryParse(context.Principal.GetClaim(Claims.Subject), out var subject) ? subject : null);
        context.Reject(Errors.InvalidGrant, OAuthError.CodeRedeemed.Description);
    }

    /// <summary>Most tokens are none, and need nothing of what the handler is made of.</summary>
    public sealed class RequireCode : IOpenIddictServerHandlerFilter<ValidateTokenContext>
    {
        public ValueTask<bool> IsActiveAsync(ValidateTokenContext context) => ValueTask.FromResult(
            context.EndpointType is OpenIddictServerEndpointType.Token
            && context.Principal?.GetTokenType() is TokenTypeIdentifiers.Private.AuthorizationCode or TokenTypeIdentifiers.Private.DeviceCode);
    }
}

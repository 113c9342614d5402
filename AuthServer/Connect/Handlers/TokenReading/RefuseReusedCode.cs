using AuthServer.Connect.Grants;
using AuthServer.Data;
using AuthServer.Protocol;
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
internal sealed class RefuseReusedCode(AuthDbContext database, CodeReuse reuse) : IOpenIddictServerHandler<ValidateTokenContext>
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

        Guid? user = Guid.TryParse(context.Principal.GetClaim(Claims.Subject), out var subject) ? subject : null;
        var source = context.Transaction.GetHttpRequest() is { } request ? RequestSource.Of(request.HttpContext) : null;
        await reuse.EndAsync(session, id, user, source);
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

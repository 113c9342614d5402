using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.RequestValidation;

/// <summary>
/// RFC 9126 2.2: a pushed request waits for its browser only for <see cref="ConnectOptions.PushedRequestLifetime"/>. Once a browser
/// has presented it in time, it is kept as long as any other request while the user signs in. OpenIddict has one lifetime for both.
/// </summary>
internal sealed class ExtendPushedRequest(AuthDbContext database, IOptions<ConnectOptions> options)
    : IOpenIddictServerHandler<HandlePushedAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public ValueTask HandleAsync(HandlePushedAuthorizationRequestContext context)
    {
        context.Principal ??= new ClaimsPrincipal(new ClaimsIdentity()).SetScopes(context.Request.GetScopes());
        context.Principal.SetRequestTokenLifetime(options.Value.PushedRequestLifetime);
        return ValueTask.CompletedTask;
    }

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.RequestTokenPrincipal is not { } kept
            || kept.GetClaim(Claims.Private.RequestTokenType) is not RequestTokenTypes.Private.PushedAuthorizationRequest
            || !Guid.TryParse(kept.GetTokenId(), out var id)
            || kept.GetCreationDate() + context.Options.RequestTokenLifetime is not { } end
            || kept.GetExpirationDate() >= end)
        {
            return;
        }

        // An answered request expires soon (ExpireAnsweredRequest) and is not extended again.
        await database.Set<Token>().Where(row => row.Id == id && EF.Property<Guid?>(row, "AuthorizationId") == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpirationDate, end.UtcDateTime), context.CancellationToken);
    }
}

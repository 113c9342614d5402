using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// RFC 7009 2.1: a client that revokes another client's token is refused. OpenIddict would answer as if the token had been revoked.
/// </summary>
internal sealed class RefuseRevocationOfForeignToken : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        if (context is { ClientId: { } id, GenericTokenPrincipal: { } token } && !token.HasPresenter(id) && !token.HasAudience(id))
        {
            context.Reject(Errors.UnauthorizedClient, "The token was issued to another client.");
        }

        return ValueTask.CompletedTask;
    }
}

using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Revocation;

namespace AuthServer.Connect.Handlers;

/// <summary>RFC 7009 2.1: revoking a refresh token also invalidates the access tokens of the same grant.</summary>
internal sealed class RevokeWholeFamily(TokenFamily family) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RevokeWholeFamily>()
            .SetOrder(RevokeToken.Descriptor.Order + 100)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (context.GenericTokenPrincipal.HasTokenType(TokenTypeIdentifiers.RefreshToken))
        {
            await family.RevokeAsync(
                context.GenericTokenPrincipal.GetAuthorizationId(), "refresh token revoked by the client", context.CancellationToken);
        }
    }
}

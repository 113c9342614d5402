using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace AuthServer.Connect.Handlers;

/// <summary>Finds the entry of an access token by its <c>jti</c>: see <see cref="ShapePublicTokens"/>.</summary>
internal sealed class ResolveAccessToken : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<ResolveAccessToken>()
            .SetOrder(MapInternalClaims.Descriptor.Order + 100)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Principal?.HasTokenType(TokenTypeIdentifiers.AccessToken) is true)
        {
            context.Principal.SetTokenId(context.Principal.GetClaim(Claims.JwtId));
        }

        return ValueTask.CompletedTask;
    }
}

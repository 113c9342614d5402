using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace AuthServer.Connect.Handlers;

/// <summary>Signs ID tokens with their own algorithm; OpenIddict has one order of keys for all kinds of token.</summary>
internal sealed class SelectSigningKey(IOptions<ConnectOptions> options) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseSingletonHandler<SelectSigningKey>()
            .SetOrder(AttachSecurityCredentials.Descriptor.Order + 100)
            .Build();

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        var algorithm = context.TokenType is TokenTypeIdentifiers.IdentityToken
            ? options.Value.IdentityTokenSigningAlgorithm
            : options.Value.AccessTokenSigningAlgorithm;
        context.SigningCredentials = context.Options.SigningCredentials.First(credentials => credentials.Algorithm == algorithm);
        return ValueTask.CompletedTask;
    }
}

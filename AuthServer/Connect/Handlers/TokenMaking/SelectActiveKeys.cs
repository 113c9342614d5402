using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Takes the keys that are active now, and for ID tokens their own algorithm; OpenIddict has one order of keys, which is that
/// of the moment when its options were made.
/// </summary>
internal sealed class SelectActiveKeys(KeyRing keys, IOptions<ConnectOptions> options) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        context.SigningCredentials = keys.ActiveSigning(context.TokenType is TokenTypeIdentifiers.IdentityToken
            ? options.Value.IdentityTokenSigningAlgorithm
            : options.Value.AccessTokenSigningAlgorithm);
        context.EncryptionCredentials = context.EncryptionCredentials is null ? null : keys.ActiveEncryption();
        return ValueTask.CompletedTask;
    }
}

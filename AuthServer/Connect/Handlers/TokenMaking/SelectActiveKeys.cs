using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Selects the keys that are active now, with a separate signing algorithm for ID tokens. OpenIddict takes the first key of its options, as
/// they were ordered when the options were made.
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

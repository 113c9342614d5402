using AuthServer.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// Loads the key of a token before it is validated: another node may have used a key that this node has not loaded yet. OpenIddict
/// would refuse the token.
/// </summary>
internal sealed class LoadKeyOfToken(KeyRing keys, IOptionsMonitor<OpenIddictServerOptions> options)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // Verified already, or a client assertion, which is signed with the client's own key.
        if (context.Principal is not null
            || context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion)
            || KeyId(context.Token) is not { } keyId)
        {
            return;
        }

        if (await keys.FindAsync(keyId, context.CancellationToken))
        {
            context.Transaction.Options = options.CurrentValue;
        }
    }

    private static string? KeyId(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (ArgumentException)
        {
            // Not a JWT: OpenIddict's validation refuses it.
            return null;
        }
    }
}

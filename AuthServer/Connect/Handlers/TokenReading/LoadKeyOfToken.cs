using AuthServer.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>Looks for the key of a token before it is validated: another node may use one that this node has not seen yet.</summary>
internal sealed class LoadKeyOfToken(KeyRing keys, IOptionsMonitor<OpenIddictServerOptions> options) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // Verified already, or an assertion, whose keys are its client's.
        if (context.Principal is not null || context.ValidTokenTypes.Contains(TokenTypeIdentifiers.Private.ClientAssertion) || KeyId(context.Token) is not { } keyId)
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
            // Not a JWT, which validation says.
            return null;
        }
    }
}

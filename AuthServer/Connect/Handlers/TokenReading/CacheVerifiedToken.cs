using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// A resource API asks about one access token with every call that it gets. The signature is checked the first time;
/// lifetime, revocation and the end of the sign-in every time, by the handlers that follow.
/// </summary>
internal sealed class CacheVerifiedToken(VerifiedTokenCache tokens) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Count > 0 && !context.ValidTokenTypes.Contains(TokenTypeIdentifiers.AccessToken))
        {
            return ValueTask.CompletedTask;
        }

        if (context.Principal is null)
        {
            context.Principal = tokens.Find(context.Token, context.Options);
        }
        else if (context.Principal.HasTokenType(TokenTypeIdentifiers.AccessToken))
        {
            tokens.Add(context.Token, context.Principal, context.Options);
        }

        return ValueTask.CompletedTask;
    }
}

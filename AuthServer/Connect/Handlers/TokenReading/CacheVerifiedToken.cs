using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenReading;

/// <summary>
/// Verifies the signature of an access token only the first time; OpenIddict does it for each request. A resource server introspects
/// the same token with each call that it gets. Later handlers check its lifetime, its revocation and the end of its session every
/// time.
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

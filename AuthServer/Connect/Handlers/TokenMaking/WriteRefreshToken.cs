using AuthServer.Connect.Refresh;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Writes our refresh tokens in OpenIddict's place. OpenIddict would add a database entry for each token. Refresh, access and ID
/// tokens need none here: the authorization's row says which refresh token can be redeemed, and whether the authorization has ended.
/// </summary>
internal sealed class WriteRefreshToken(RefreshTokenFormat format) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType is TokenTypeIdentifiers.AccessToken
            or TokenTypeIdentifiers.IdentityToken
            or TokenTypeIdentifiers.RefreshToken)
        {
            context.CreateTokenEntry = false;
            context.PersistTokenPayload = false;
        }

        if (context.TokenType is TokenTypeIdentifiers.RefreshToken)
        {
            var token = RequestState.Of(context.Transaction).IssuedRefreshToken
                ?? throw new InvalidOperationException("OpenIddict is to issue a refresh token, but no grant has set one.");
            context.Token = format.Write(token);
        }

        return ValueTask.CompletedTask;
    }
}

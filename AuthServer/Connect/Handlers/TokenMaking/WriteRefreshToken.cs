using AuthServer.Connect.Refresh;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Writes our refresh tokens in OpenIddict's place. Neither they nor access tokens have an entry of their own: the row of
/// the authorization says what is alive.
/// </summary>
internal sealed class WriteRefreshToken(RefreshTokenFormat format) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType is TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.IdentityToken or TokenTypeIdentifiers.RefreshToken)
        {
            context.CreateTokenEntry = false;
            context.PersistTokenPayload = false;
        }

        if (context.TokenType is TokenTypeIdentifiers.RefreshToken)
        {
            var token = RequestState.Of(context.Transaction).IssuedRefreshToken
                ?? throw new InvalidOperationException("A refresh token is asked for and none was decided on.");
            context.Token = format.Write(token);
        }

        return ValueTask.CompletedTask;
    }
}

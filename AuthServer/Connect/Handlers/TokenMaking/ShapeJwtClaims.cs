using System.Security.Claims;
using AuthServer.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Shapes the claims of access tokens and ID tokens. OpenIddict's private claims are removed, because others read these tokens. The
/// <c>jti</c> of an access token names its authorization. A claim that may have several values (<c>amr</c>, RFC 8176 1) is always an
/// array; OpenIddict writes a single value as a string. The <c>acr</c> of an ID token is the requested one, if the client requested
/// any (OpenID Connect Core 5.5.1.1).
/// </summary>
internal sealed class ShapeJwtClaims : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static readonly string[] Arrays = [Claims.AuthenticationMethodReference, Claims.Role];

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType is not (TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.IdentityToken))
        {
            return ValueTask.CompletedTask;
        }

        var descriptor = context.SecurityTokenDescriptor;
        var claims = new Dictionary<string, object>(descriptor.Claims ?? new Dictionary<string, object>(), StringComparer.Ordinal);
        foreach (var type in Arrays)
        {
            if (context.Principal.GetClaims(type) is { Length: > 0 } values)
            {
                claims[type] = values.ToArray();
            }
        }

        if (context.Principal.GetClaim(TokenPrincipal.RequestedLevelClaim) is { } level)
        {
            claims[Claims.AuthenticationContextReference] = level;
        }

        if (context.TokenType is TokenTypeIdentifiers.AccessToken)
        {
            claims[Claims.JwtId] = AccessTokenId.New(Guid.TryParse(context.Principal.GetAuthorizationId(), out var id) ? id : null);
        }

        descriptor.Claims = claims;
        descriptor.Subject = new ClaimsIdentity(
            descriptor.Subject.Claims.Where(claim => !IsPrivate(claim.Type) && !claims.ContainsKey(claim.Type)));
        return ValueTask.CompletedTask;
    }

    private static bool IsPrivate(string type) =>
        type.StartsWith(Claims.Prefixes.Private, StringComparison.Ordinal) || type is TokenPrincipal.RequestedLevelClaim;
}

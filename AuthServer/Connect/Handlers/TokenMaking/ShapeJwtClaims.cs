using System.Security.Claims;
using AuthServer.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Handlers.TokenMaking;

/// <summary>
/// Leaves out OpenIddict's private claims where others read the token, lets the <c>jti</c> of an access token name its
/// authorization, writes what may have several values always as an array (RFC 8176 1: <c>amr</c>), so that readers need one case,
/// and tells the <c>acr</c> in an ID token as the client has asked for it (OpenID Connect Core 5.5.1.1).
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
        descriptor.Subject = new ClaimsIdentity(descriptor.Subject.Claims.Where(claim => !IsPrivate(claim.Type) && !claims.ContainsKey(claim.Type)));
        return ValueTask.CompletedTask;
    }

    private static bool IsPrivate(string type) =>
        type.StartsWith(Claims.Prefixes.Private, StringComparison.Ordinal) || type is TokenPrincipal.RequestedLevelClaim;
}

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Grants;

/// <summary>RFC 6749 6. The token has been validated and its reuse refused; whether the person may go on is asked here.</summary>
internal sealed class RefreshTokenGrant(
    UserManager<User> users, IOpenIddictApplicationManager clients, TokenPrincipal principals, TokenFamily family)
{
    public async Task<GrantResult> HandleAsync(HttpContext context, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var ticket = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var token = ticket.Principal ?? throw new InvalidOperationException("OpenIddict passed a refresh on without its principal.");

        var user = await users.FindByIdAsync(token.GetClaim(Claims.Subject)!);
        if (await RefusalAsync(user, token) is { } reason)
        {
            await family.RevokeAsync(token.GetAuthorizationId(), reason, cancellationToken);
            return OAuthError.SignInEnded;
        }

        var authenticatedAt = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(token.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture));
        var signIn = new SignIn(user!, authenticatedAt, token.GetClaims(Claims.AuthenticationMethodReference));
        return await principals.ForUserAsync(signIn, request, await StillGrantedAsync(token, request.ClientId!, cancellationToken), cancellationToken);
    }

    // What the client has lost since the sign-in is lost with the next refresh.
    private async Task<ImmutableArray<string>> StillGrantedAsync(ClaimsPrincipal token, string clientId, CancellationToken cancellationToken)
    {
        var client = await clients.FindByClientIdAsync(clientId, cancellationToken);
        var permissions = client is null ? [] : await clients.GetPermissionsAsync(client, cancellationToken);
        return [.. token.GetScopes().Where(scope => GrantableScopes.Allows(permissions, scope))];
    }

    // Identity's lockout does not count: who mistypes somebody else's password ten times must not sign them out.
    private async Task<string?> RefusalAsync(User? user, ClaimsPrincipal token) => user switch
    {
        null => "user deleted",
        { DisabledAt: not null } => "user locked",
        _ when await users.GetSecurityStampAsync(user) != token.GetClaim(TokenPrincipal.SecurityStampClaim) => "credentials changed",
        _ => null,
    };
}

using System.Security.Claims;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary><c>GET|POST /connect/userinfo</c> (OpenID Connect Core 5.3), behind OpenIddict, which has validated the access token.</summary>
internal static class UserInfoEndpoint
{
    public static async Task<IResult> HandleAsync(ClaimsPrincipal token, UserManager<User> users)
    {
        var scopes = token.GetScopes();
        if (!scopes.Contains(Scopes.OpenId))
        {
            return Refuse(Errors.InsufficientScope, "The scope 'openid' is missing.");
        }

        var subject = token.GetClaim(Claims.Subject);
        var user = Guid.TryParse(subject, out _) ? await users.FindByIdAsync(subject) : null;
        if (user is null or { DisabledAt: not null })
        {
            return Refuse(Errors.InvalidToken, "The sign-in that this token belongs to has ended.");
        }

        var answer = new Dictionary<string, object?> { [Claims.Subject] = await users.GetUserIdAsync(user) };
        foreach (var (type, value) in UserClaims.Profile(user, scopes))
        {
            answer[type] = value;
        }

        if (scopes.Contains(Scopes.Email))
        {
            answer[Claims.EmailVerified] = user.EmailConfirmed;
        }

        if (scopes.Contains(Scopes.Roles))
        {
            answer[Claims.Role] = await users.GetRolesAsync(user);
        }

        return Results.Json(answer);
    }

    private static IResult Refuse(string error, string description) => Results.Challenge(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}

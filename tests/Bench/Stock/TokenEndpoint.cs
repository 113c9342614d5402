using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Stock;

internal static class TokenEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> HandleAsync(
        HttpContext context, UserManager<IdentityUser> users, SignInManager<IdentityUser> signIns, IOpenIddictScopeManager scopes)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
        {
            var client = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
            client.SetClaim(Claims.Subject, request.ClientId);
            return await SignInAsync(client, request.GetScopes(), scopes);
        }

        if (request.IsRefreshTokenGrantType())
        {
            var principal = (await context.AuthenticateAsync(Scheme)).Principal!;
            var user = await users.FindByIdAsync(principal.GetClaim(Claims.Subject)!);
            return user is null || !await signIns.CanSignInAsync(user)
                ? Results.Forbid(authenticationSchemes: [Scheme])
                : await SignInAsync(await IdentityAsync(users, user), principal.GetScopes(), scopes);
        }

        var found = await users.FindByNameAsync(request.Username!);
        return found is null || !(await signIns.CheckPasswordSignInAsync(found, request.Password!, lockoutOnFailure: true)).Succeeded
            ? Results.Forbid(authenticationSchemes: [Scheme])
            : await SignInAsync(await IdentityAsync(users, found), request.GetScopes(), scopes);
    }

    private static async Task<ClaimsIdentity> IdentityAsync(UserManager<IdentityUser> users, IdentityUser user)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, await users.GetUserIdAsync(user))
            .SetClaim(Claims.Email, await users.GetEmailAsync(user))
            .SetClaim(Claims.Name, await users.GetUserNameAsync(user))
            .SetClaims(Claims.Role, [.. await users.GetRolesAsync(user)]);
        return identity;
    }

    private static async Task<IResult> SignInAsync(ClaimsIdentity identity, IEnumerable<string> granted, IOpenIddictScopeManager scopes)
    {
        identity.SetScopes(granted);
        identity.SetResources(await scopes.ListResourcesAsync(identity.GetScopes()).ToListAsync());
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: Scheme);
    }
}

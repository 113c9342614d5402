using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using AuthServer.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary><c>GET|POST /connect/userinfo</c> (OpenID Connect Core 5.3). OpenIddict has already validated the access token.</summary>
internal static class UserInfoEndpoint
{
    public static async Task<IResult> HandleAsync(
        HttpContext context,
        ClaimsPrincipal token,
        IOptions<ConnectOptions> options,
        UserManager<User> users,
        ClientCache clients,
        AuthDbContext database)
    {
        var scopes = token.GetScopes();
        if (!scopes.Contains(Scopes.OpenId))
        {
            return Refuse(Errors.InsufficientScope, "The scope 'openid' is missing.");
        }

        // RFC 9068 4: this endpoint is a resource server too, so the issuer must be in the audience.
        if (!token.HasAudience(options.Value.IssuerUri.AbsoluteUri))
        {
            return Refuse(Errors.InvalidToken, "The access token is not for this server: its 'aud' names other resources only.");
        }

        var subject = token.GetClaim(Claims.Subject);
        var user = Guid.TryParse(subject, out _) ? await users.FindByIdAsync(subject) : null;
        if (user is null or { DisabledAt: not null })
        {
            return Refuse(Errors.InvalidToken, "The sign-in that this token belongs to has ended.");
        }

        var answer = new Dictionary<string, object?> { [Claims.Subject] = await users.GetUserIdAsync(user) };
        if (TokenPrincipal.ActorOf(token) is { } actor)
        {
            answer[ProtocolNames.ActorClaim] = actor;
        }

        var requested = await RequestedAsync();
        foreach (var claim in UserClaims.All
            .Where(claim => scopes.Contains(UserClaims.ScopeOf(claim)!) || requested.UserInfo.Contains(claim)))
        {
            // OpenID Connect Core 5.3.2: a claim without a value is left out; it is neither null nor empty.
            object? value = claim is not Claims.Role ? UserClaims.Of(user, claim)
                : await users.GetRolesAsync(user) is { Count: > 0 } roles ? roles
                : null;
            if (value is not null)
            {
                answer[claim] = value;
            }
        }

        return Results.Json(answer);

        // Without the claims whose scope the client has lost since the sign-in.
        async ValueTask<RequestedClaims> RequestedAsync() =>
            RequestState.Of(context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!)
                .RequestedClaims is { UserInfo.Count: > 0 } requested
            && await clients.FindAsync(database, token.GetClaim(Claims.ClientId)!, context.RequestAborted) is { Policy: var policy }
                ? requested.AllowedTo(policy, scopes)
                : RequestedClaims.None;
    }

    private static IResult Refuse(string error, string description) => Results.Challenge(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}

using System.Security.Claims;
using AuthServer.Logout;
using AuthServer.Protocol;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect;

/// <summary>
/// <c>GET|POST /connect/endsession</c> (OpenID Connect RP-Initiated Logout 1.0). OpenIddict has already checked the ID token hint and the
/// post-logout redirect URI. Without an ID token hint for the browser's current session, the user is asked to confirm.
/// </summary>
internal static class EndSessionEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, BrowserSessions browsers, FrontChannel frontChannel)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var back = QueryHelpers.AddQueryString(Paths.EndSession, Parameters.RequestUri, transaction.Request!.RequestUri!);

        // A form on another site is sent without the cookie (SameSite=Lax), and the answer to it must not delete the cookie. The redirected
        // request carries the cookie.
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return Results.LocalRedirect(back);
        }

        var present = await BrowserSessions.FindAsync(context);
        if (present is not null && HintOf(transaction)?.GetClaim(ProtocolNames.SessionIdClaim) != present.Session.Id.ToString())
        {
            return Results.LocalRedirect(QueryHelpers.AddQueryString(Paths.SignOut, new Dictionary<string, string?>
            {
                [BrowserCookie.ReturnUrl] = back,
                [Parameters.ClientId] = Validated(transaction)?.ClientId ?? HintOf(transaction)?.GetAudiences().FirstOrDefault(),
            }));
        }

        await browsers.SignOutAsync(context);
        if (present is not null)
        {
            var next = string.IsNullOrEmpty(transaction.Request!.PostLogoutRedirectUri) ? null : back;
            if (await frontChannel.PageOfAsync(present.Session.Id, next, context.RequestAborted) is { } page)
            {
                return Results.LocalRedirect(page);
            }
        }

        // OpenIddict uses this address only if the request has no post-logout redirect URI.
        return Results.SignOut(
            new AuthenticationProperties { RedirectUri = Paths.SignOut }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static ClaimsPrincipal? HintOf(OpenIddictServerTransaction transaction) => Validated(transaction)?.IdentityTokenHintPrincipal;

    private static ValidateEndSessionRequestContext? Validated(OpenIddictServerTransaction transaction) =>
        RequestState.ContextOf<ValidateEndSessionRequestContext>(transaction);
}

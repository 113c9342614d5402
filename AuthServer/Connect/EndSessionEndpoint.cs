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
/// <c>GET|POST /connect/endsession</c> (OpenID Connect RP-Initiated Logout 1.0), behind OpenIddict, which has checked the hint and
/// where to go afterwards. Who has no ID token of this very sign-in to show has the person asked.
/// </summary>
internal static class EndSessionEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, BrowserSessions browsers, FrontChannel frontChannel)
    {
        var transaction = context.Features.Get<OpenIddictServerAspNetCoreFeature>()!.Transaction!;
        var back = QueryHelpers.AddQueryString(Paths.EndSession, Parameters.RequestUri, transaction.Request!.RequestUri!);

        // A form of another site comes without the cookie, and must not be able to delete it: the address brings it along.
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

        // Where there is no place of the client's to go to.
        return Results.SignOut(new AuthenticationProperties { RedirectUri = Paths.SignOut }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static ClaimsPrincipal? HintOf(OpenIddictServerTransaction transaction) => Validated(transaction)?.IdentityTokenHintPrincipal;

    private static ValidateEndSessionRequestContext? Validated(OpenIddictServerTransaction transaction) =>
        RequestState.ContextOf<ValidateEndSessionRequestContext>(transaction);
}

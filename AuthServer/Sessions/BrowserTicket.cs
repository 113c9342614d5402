using System.Security.Claims;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Sessions;

/// <summary>What the cookie of a browser says. Nobody else can write or read it.</summary>
internal static class BrowserTicket
{
    private const string NonceClaim = "nonce";
    private const string ImpersonationClaim = "impersonation";

    public static Task WriteAsync(
        HttpContext http, Guid session, string nonce, bool isRemembered, bool isImpersonation, DateTimeOffset now, DateTimeOffset until)
    {
        // Antiforgery ties a form to the subject: here to the session, because a form that is sent twice may come with two cookies.
        List<Claim> claims =
        [
            new(Claims.Subject, session.ToString()),
            new(ProtocolNames.SessionIdClaim, session.ToString()),
            new(NonceClaim, nonce),
        ];
        if (isImpersonation)
        {
            claims.Add(new(ImpersonationClaim, "1"));
        }

        return http.SignInAsync(
            BrowserCookie.Scheme,
            new ClaimsPrincipal(new ClaimsIdentity(claims, BrowserCookie.Scheme)),
            new AuthenticationProperties { IsPersistent = isRemembered, IssuedUtc = now, ExpiresUtc = until });
    }

    public static Guid? SessionOf(ClaimsPrincipal? ticket) =>
        Guid.TryParse(ticket?.FindFirstValue(ProtocolNames.SessionIdClaim), out var id) ? id : null;

    public static string? NonceOf(ClaimsPrincipal ticket) => ticket.FindFirstValue(NonceClaim);

    public static bool IsOfImpersonation(ClaimsPrincipal ticket) => ticket.HasClaim(claim => claim.Type is ImpersonationClaim);

    /// <summary>
    /// True if the request has the cookie of an impersonation, whether or not its session is still valid. Asks no database, and does not say
    /// who sends the request: pages that anybody may use stay as they are.
    /// </summary>
    public static bool IsOfImpersonation(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(BrowserCookie.Scheme);
        return options.CookieManager.GetRequestCookie(http, options.Cookie.Name!) is { } cookie
            && options.TicketDataFormat.Unprotect(cookie) is { } ticket
            && IsOfImpersonation(ticket.Principal);
    }
}

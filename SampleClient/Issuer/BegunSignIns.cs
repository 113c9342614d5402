using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenIddict.Client.AspNetCore;

namespace SampleClient.Issuer;

/// <summary>
/// The cookies of redirects to the issuer that this browser has begun and not finished; each has one cookie. They would pile up
/// until a server refuses the Cookie header, so the oldest are deleted.
/// </summary>
internal sealed class BegunSignIns(IOptions<OpenIddictClientAspNetCoreOptions> options)
{
    /// <summary>
    /// The common path of /account/callback and /account/signedout, which need the cookies. Pages outside it do not receive them.
    /// </summary>
    public const string Path = "/account";

    /// <summary>
    /// How many tabs can wait for a sign-in. With one more, the sign-in that has waited longest can no longer be finished.
    /// </summary>
    private const int Most = 5;

    /// <summary>Makes room for the cookie of this response.</summary>
    public void MakeRoom(HttpContext context)
    {
        var prefix = options.Value.CookieBuilder.Name!;

        // Browsers send the oldest first (RFC 6265 5.4).
        var begun = CookieHeaderValue.TryParseList(context.Request.Headers.Cookie, out var cookies)
            ? cookies.Select(cookie => cookie.Name.ToString()).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList()
            : [];
        foreach (var name in begun.SkipLast(Most - 1))
        {
            context.Response.Cookies.Delete(name, options.Value.CookieBuilder.Build(context));
        }
    }
}

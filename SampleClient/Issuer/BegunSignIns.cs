using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenIddict.Client.AspNetCore;

namespace SampleClient.Issuer;

/// <summary>
/// The cookies of what this browser has begun at the issuer and not finished, one each. They would pile up until a server refuses the
/// header: the oldest go.
/// </summary>
internal sealed class BegunSignIns(IOptions<OpenIddictClientAspNetCoreOptions> options)
{
    /// <summary>Above /account/callback and /account/signedout, which need them: no other page is sent them.</summary>
    public const string Path = "/account";

    /// <summary>Tabs in which a sign-in may wait. Past it, the one that waited longest cannot be finished.</summary>
    private const int Most = 5;

    /// <summary>Makes room for the one that was begun by this answer.</summary>
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

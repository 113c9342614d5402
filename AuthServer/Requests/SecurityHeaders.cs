using System.Globalization;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>Sets the security headers of every response, including errors. A page sets its own content security policy.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment, IOptions<KeysOptions> keys)
{
    private const string NothingToRender = "default-src 'none'; frame-ancestors 'none'";
    private const string OneYear = "max-age=31536000";

    // The pages use passkeys and the clipboard, and none of these features.
    private const string NoPowers =
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()";

    // KeysOptionsValidator ensures that this is shorter than the time between a key's announcement and its first use.
    private readonly string cacheTime = string.Create(
        CultureInfo.InvariantCulture, $"public, max-age={(long)keys.Value.JwksCacheTime.TotalSeconds}");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var overTls = context.Request.IsHttps && !environment.IsDevelopment();

        // Set when the response starts, because the exception handler clears headers that were set before.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.TryAdd("Referrer-Policy", "no-referrer");
            headers["Permissions-Policy"] = NoPowers;
            headers["Cross-Origin-Opener-Policy"] = path.IsOnTheWayOfApps() ? "unsafe-none" : "same-origin";
            headers["Cross-Origin-Resource-Policy"] = path.IsUnder(Paths.WellKnown) ? "cross-origin" : "same-origin";
            headers.TryAdd(HeaderNames.ContentSecurityPolicy, NothingToRender);
            if (overTls)
            {
                headers.StrictTransportSecurity = OneYear;
            }

            if (path.IsUnder(Paths.Connect) || path.IsPage() || path.IsUnder(HealthFeature.Path) || path.IsDjangoRestFrameworkJwt())
            {
                headers.CacheControl = "no-store";
            }
            else if (path.IsUnder(Paths.WellKnown))
            {
                headers.CacheControl = context.Response.StatusCode is StatusCodes.Status200OK ? cacheTime : "no-store";

                // Set also when the request has no Origin: a cache may give the same response to a request that has one (RFC 9110 12.5.5).
                headers.AccessControlAllowOrigin = "*";
                headers.Remove(HeaderNames.Pragma);
                headers.Remove(HeaderNames.Expires);
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}

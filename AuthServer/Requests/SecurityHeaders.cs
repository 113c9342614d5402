using System.Globalization;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>What every answer tells a browser, errors included. A page that shows more sets its own policy.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment, IOptions<KeysOptions> keys)
{
    private const string NothingToRender = "default-src 'none'; frame-ancestors 'none'";
    private const string OneYear = "max-age=31536000";

    // Passkeys and the clipboard are used; of the rest nothing.
    private const string NoPowers =
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()";

    // Shorter than the time between a key's announcement and its first use: KeysOptionsValidator sees to that.
    private readonly string cacheTime = string.Create(
        CultureInfo.InvariantCulture, $"public, max-age={(long)keys.Value.JwksCacheTime.TotalSeconds}");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var overTls = context.Request.IsHttps && !environment.IsDevelopment();

        // At the start of the answer: what handles an exception clears what was set before.
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

                // For a browser and for a cache in between, which would give one answer to both (RFC 9110 12.5.5).
                headers.AccessControlAllowOrigin = "*";
                headers.Remove(HeaderNames.Pragma);
                headers.Remove(HeaderNames.Expires);
            }

            return Task.CompletedTask;
        });
        return next(context);
    }
}

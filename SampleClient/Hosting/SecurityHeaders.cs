using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Hosting;

/// <summary>
/// Pages run no script, load nothing from other origins and cannot be framed. They are not cached, because they contain personal
/// data. A form may lead to the issuer.
/// </summary>
internal static class SecurityHeaders
{
    private const string NoPowers =
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        + "microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=()";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        // Sign-out is a form that redirects to the issuer, and browsers apply form-action to redirects, too.
        var issuer = app.Services.GetRequiredService<IOptions<IssuerOptions>>().Value.AuthorityUri!.GetLeftPart(UriPartial.Authority);
        var policy =
            $"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {issuer}; base-uri 'none'; frame-ancestors 'none'";
        app.Use((context, next) =>
        {
            // Set when the response starts, because the exception handler clears headers that were set before.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = NoPowers;

                // Style sheet and icon have caching rules of their own.
                if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is not false)
                {
                    headers.CacheControl = "no-store";
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}

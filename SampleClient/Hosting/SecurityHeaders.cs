using Microsoft.Extensions.Options;
using SampleClient.Issuer;

namespace SampleClient.Hosting;

/// <summary>Pages run no script, load nothing from elsewhere, are framed by nobody, and are not kept: they tell about a person. A form may lead to the issuer.</summary>
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

        // Signing out is a form, and browsers count where it is redirected to as its aim.
        var issuer = app.Services.GetRequiredService<IOptions<IssuerOptions>>().Value.AuthorityUri!.GetLeftPart(UriPartial.Authority);
        var policy = $"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {issuer}; base-uri 'none'; frame-ancestors 'none'";
        app.Use((context, next) =>
        {
            // At the start of the answer: the exception handler clears what is set before.
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

                // Style sheet and icon come with a caching rule of their own.
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

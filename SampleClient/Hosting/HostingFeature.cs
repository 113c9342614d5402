using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace SampleClient.Hosting;

/// <summary>
/// The steps that every request passes: trusted proxies, one log line, security headers, an error page, only plain forms, secure
/// cookies. Routes: /health/live (the process answers), /health/ready (every registered check passes), /hosting/error.
/// </summary>
internal static class HostingFeature
{
    private const string ErrorPage = "/hosting/error";

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddRequestLog();
        builder.Services.AddTrustedProxies();
        builder.Services.AddSecureCookies();
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(ErrorPage);
        app.UseStatusCodePagesWithReExecute(ErrorPage);
        app.UsePlainForms();
        app.UseSecureCookies();
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready").AllowAnonymous();
    }
}

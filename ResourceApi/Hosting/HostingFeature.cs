using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ResourceApi.Hosting;

/// <summary>
/// The steps that every request passes: one log line, security headers, only UTF-8 in JSON, problem details for errors. Routes:
/// /health/live, /health/ready. Authentication is in Bearer.
/// </summary>
internal static class HostingFeature
{
    // Enough for the largest note in JSON, even with every character escaped.
    private const int MaxBodySize = 128 * 1024;

    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
        });
        builder.AddRequestLog();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = NameMembersAsInJson);
        builder.Services.AddValidation();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        builder.Services.AddHealth();
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseRequestLog();
        app.UseSecurityHeaders();

        // Every response is JSON, whatever the client accepts (RFC 9110 12.5.1). With another Accept header, problem details would
        // have no body.
        app.Use((context, next) =>
        {
            context.Request.Headers.Remove(HeaderNames.Accept);
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseJsonInUtf8();
    }

    // The validation's errors name members as in C#; clients know them as in JSON.
    private static void NameMembersAsInJson(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails problem)
        {
            problem.Errors = problem.Errors.ToDictionary(error => JsonNamingPolicy.CamelCase.ConvertName(error.Key), error => error.Value);
        }
    }
}

using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace ResourceApi.Hosting;

/// <summary>What every request passes: one log line, safe headers, problem details for whatever goes wrong. Routes: /health/live, /health/ready.</summary>
internal static class HostingFeature
{
    // The largest note in JSON, escapes and all, with room to spare.
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

        // All answers are JSON, whatever is asked for (RFC 9110 12.5.1). Problem details would be left out otherwise.
        app.Use((context, next) =>
        {
            context.Request.Headers.Remove(HeaderNames.Accept);
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseJsonInUtf8();
    }

    // Validation names the members of the C# type.
    private static void NameMembersAsInJson(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails problem)
        {
            problem.Errors = problem.Errors.ToDictionary(error => JsonNamingPolicy.CamelCase.ConvertName(error.Key), error => error.Value);
        }
    }
}

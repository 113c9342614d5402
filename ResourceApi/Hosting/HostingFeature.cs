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
        builder.Services.AddProblemDetails();
        builder.Services.AddValidation();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        builder.Services.AddHealth();
    }

    public static void UseHosting(this WebApplication app)
    {
        app.UseRequestLog();
        app.UseSecurityHeaders();

        // Not the problem details writer itself: it would stay silent towards a client that accepts only text.
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => ProblemAsync(context) });
        app.UseStatusCodePages(context => ProblemAsync(context.HttpContext));
    }

    private static Task ProblemAsync(HttpContext context)
        => TypedResults.Problem(statusCode: context.Response.StatusCode).ExecuteAsync(context);
}

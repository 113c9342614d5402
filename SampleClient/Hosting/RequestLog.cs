using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SampleClient.Hosting;

/// <summary>One line a request, with trace id: text in Development, compact JSON elsewhere. The path only: a query can hold anything.</summary>
internal static class RequestLog
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:lj}{NewLine}{Exception}";

    public static void AddRequestLog(this WebApplicationBuilder builder)
        => builder.Services.AddSerilog(
            (_, log) =>
            {
                log.ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext();

                // After the settings, so that none undoes it: below this they write what people typed, and tokens.
                log.MinimumLevel.Override("OpenIddict", LogEventLevel.Warning);
                log.MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LogEventLevel.Warning);
                log.MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning);

                if (builder.Environment.IsDevelopment())
                {
                    log.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
                }
                else
                {
                    log.WriteTo.Console(new RenderedCompactJsonFormatter());
                }
            },
            preserveStaticLogger: true);

    public static void UseRequestLog(this WebApplication app)
        => app.UseSerilogRequestLogging(options =>
        {
            // Its default is the static logger, which several apps in one process (tests) would share.
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed:0.0} ms";
            options.GetLevel = (context, _, exception) => exception is not null || context.Response.StatusCode is 500
                ? LogEventLevel.Error
                : context.Request.Path.StartsWithSegments("/health") ? LogEventLevel.Debug : LogEventLevel.Information;
        });
}

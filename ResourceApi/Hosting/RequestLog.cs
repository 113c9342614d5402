using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ResourceApi.Hosting;

/// <summary>One line a request, with trace id: text in Development, compact JSON elsewhere.</summary>
internal static class RequestLog
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:lj}{NewLine}{Exception}";

    private static readonly string[] Chatty = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Polly", "System.Net.Http"];

    public static void AddRequestLog(this WebApplicationBuilder builder)
        => builder.Services.AddSerilog(
            (_, log) =>
            {
                foreach (var source in Chatty)
                {
                    log.MinimumLevel.Override(source, LogEventLevel.Warning);
                }

                log.ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext();
                log.Filter.ByExcluding(entry => StartFailure.IsPortInUse(entry.Exception));

                // After the settings, so that none undoes it: at Trace OpenIddict writes tokens, and its errors are
                // told by IssuerKeys and BackChannelHandler without a stack trace; the other one writes queries.
                log.MinimumLevel.Override("OpenIddict", LogEventLevel.Fatal);
                log.MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LogEventLevel.Warning);

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
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed:0.0} ms";
            options.GetLevel = (context, _, exception) => context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                ? LogEventLevel.Debug
                : exception is not null || context.Response.StatusCode >= 500 ? LogEventLevel.Error : LogEventLevel.Information;
        });
}

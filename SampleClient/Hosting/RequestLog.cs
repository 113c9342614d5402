using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SampleClient.Hosting;

/// <summary>One line a request, with trace id: text in Development, compact JSON elsewhere. The path only: a query can hold anything.</summary>
internal static class RequestLog
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:lj}{NewLine}{Exception}";

    private static readonly string[] Indiscreet = ["OpenIddict", "Microsoft.AspNetCore.Mvc", "Microsoft.AspNetCore.Hosting.Diagnostics"];

    public static void AddRequestLog(this WebApplicationBuilder builder)
        => builder.Services.AddSerilog(
            (_, log) =>
            {
                log.ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext().Filter.ByExcluding(IsIndiscreet);

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

    // Below a warning these write tokens, passwords and queries. A filter, since any level can be turned up by a setting.
    private static bool IsIndiscreet(LogEvent entry)
        => entry.Level < LogEventLevel.Warning
            && entry.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string source }
            && Indiscreet.Any(name => source.StartsWith(name, StringComparison.Ordinal));
}

using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ResourceApi.Hosting;

/// <summary>One log line per request, with its trace id: text in Development, compact JSON elsewhere.</summary>
internal static class RequestLog
{
    // Strings are quoted and escaped (:j). Otherwise a line break in a path could forge a log entry.
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:j}{NewLine}{Exception}";

    /// <summary>
    /// Sources that log less than the rest unless a setting asks for more. IssuerKeys, BackChannelHandler and StartFailure report
    /// the errors of OpenIddict and of the host in plain words.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Quiet = new()
    {
        ["Microsoft.AspNetCore"] = LogEventLevel.Warning,
        ["Microsoft.EntityFrameworkCore"] = LogEventLevel.Warning,
        ["Microsoft.Extensions.Hosting.Internal.Host"] = LogEventLevel.Fatal,
        ["OpenIddict"] = LogEventLevel.Fatal,
        ["Polly"] = LogEventLevel.Warning,
        ["System.Net.Http"] = LogEventLevel.Warning,
    };

    /// <summary>
    /// Levels that no setting can lower. Below them, OpenIddict would log tokens, the host queries, HTTP clients headers.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Floors = new()
    {
        ["Microsoft.AspNetCore"] = LogEventLevel.Information,
        ["Microsoft.AspNetCore.Hosting"] = LogEventLevel.Warning,
        ["OpenIddict"] = LogEventLevel.Fatal,
        ["System.Net.Http"] = LogEventLevel.Information,
    };

    public static void AddRequestLog(this WebApplicationBuilder builder) =>
        builder.Services.AddSerilog(
            (_, log) =>
            {
                foreach (var (source, level) in Quiet)
                {
                    log.MinimumLevel.Override(source, level);
                }

                log.ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext();
                log.Filter.ByExcluding(IsBelowFloor);
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

    public static void UseRequestLog(this WebApplication app) =>
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed} ms";
            options.GetMessageTemplateProperties = (context, path, elapsed, status) =>
            [
                new("RequestMethod", new ScalarValue(context.Request.Method)),
                new("RequestPath", new ScalarValue(path)),
                new("StatusCode", new ScalarValue(status)),
                new("Elapsed", new ScalarValue(Math.Round(elapsed, 1))),
            ];
            options.GetLevel = (context, _, exception) => context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                ? LogEventLevel.Debug
                : exception is not null || context.Response.StatusCode >= 500 ? LogEventLevel.Error : LogEventLevel.Information;
        });

    // A filter, not an override: Serilog applies the override for the longest source name, and a setting could always name a longer
    // one.
    private static bool IsBelowFloor(LogEvent entry) =>
        entry.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string source }
            && Floors.Any(floor => entry.Level < floor.Value && source.StartsWith(floor.Key, StringComparison.Ordinal));
}

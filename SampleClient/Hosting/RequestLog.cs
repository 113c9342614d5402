using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SampleClient.Hosting;

/// <summary>
/// One log line per request, with its trace id: text in Development, compact JSON elsewhere. It has only the path, because a query
/// can contain secrets.
/// </summary>
internal static class RequestLog
{
    // Strings are quoted and escaped (:j). Otherwise a line break in a path could forge a log entry.
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:j}{NewLine}{Exception}";

    /// <summary>
    /// Sources that log less than the rest unless a setting asks for more. IssuerClient, IssuerRedirection, BackChannelHandler and
    /// StartFailure report the errors of OpenIddict and of the host in plain words. Data Protection would warn about unencrypted
    /// keys, which are intended here.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Quiet = new()
    {
        ["Microsoft.AspNetCore"] = LogEventLevel.Warning,
        ["Microsoft.AspNetCore.DataProtection"] = LogEventLevel.Error,
        ["Microsoft.Extensions.Hosting.Internal.Host"] = LogEventLevel.Fatal,
        ["OpenIddict"] = LogEventLevel.Fatal,
        ["Polly"] = LogEventLevel.Warning,
        ["System.Net.Http"] = LogEventLevel.Warning,
    };

    /// <summary>
    /// Levels that no setting can lower. Below them, OpenIddict would log tokens, MVC passwords, the host queries, HTTP clients
    /// headers.
    /// </summary>
    private static readonly Dictionary<string, LogEventLevel> Floors = new()
    {
        ["Microsoft.AspNetCore"] = LogEventLevel.Information,
        ["Microsoft.AspNetCore.Hosting"] = LogEventLevel.Warning,
        ["Microsoft.AspNetCore.Mvc"] = LogEventLevel.Warning,
        ["OpenIddict"] = LogEventLevel.Warning,
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

                log.ReadFrom.Configuration(builder.Configuration).Enrich.FromLogContext().Filter.ByExcluding(IsBelowFloor);
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
            // The default is the static logger, which several apps in one process (tests) would share.
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed} ms";
            options.GetMessageTemplateProperties = (context, path, elapsed, status) =>
            [
                new("RequestMethod", new ScalarValue(context.Request.Method)),
                new("RequestPath", new ScalarValue(path)),
                new("StatusCode", new ScalarValue(status)),
                new("Elapsed", new ScalarValue(Math.Round(elapsed, 1))),
            ];
            options.GetLevel = (context, _, exception) => exception is not null || context.Response.StatusCode is 500
                ? LogEventLevel.Error
                : context.Request.Path.StartsWithSegments("/health") ? LogEventLevel.Debug : LogEventLevel.Information;
        });

    // A filter, not an override: Serilog applies the override for the longest source name, and a setting could always name a longer
    // one.
    private static bool IsBelowFloor(LogEvent entry) =>
        entry.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string source }
            && Floors.Any(floor => entry.Level < floor.Value && source.StartsWith(floor.Key, StringComparison.Ordinal));
}

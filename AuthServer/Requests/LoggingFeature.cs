using System.Globalization;
using AuthServer.Hosting;
using AuthServer.SupportCodes;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace AuthServer.Requests;

/// <summary>
/// Owns the log: text in Development, compact JSON elsewhere, one line for each request, with the trace id. No token, code,
/// secret or password is logged; <see cref="LogLevels"/> keeps libraries from logging them.
/// </summary>
internal static class LoggingFeature
{
    // Values are written as JSON, so that no value can begin a line of its own.
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {TraceId} {Message:j}{NewLine}{Exception}";

    public static void AddLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<LogLevels>(LogLevels.Section);
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog((services, log) => Configure(services, log, builder.Environment), preserveStaticLogger: true);
    }

    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
        options.MessageTemplate = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed} ms";
        options.GetMessageTemplateProperties = (context, path, elapsed, status) =>
        [
            new("RequestMethod", new ScalarValue(context.Request.Method)),
            new("RequestPath", new ScalarValue(path)),
            new("StatusCode", new ScalarValue(status)),
            new("Elapsed", new ScalarValue(Math.Round(elapsed, 1)))
        ];
        options.GetLevel = (context, _, exception) =>
            context.Request.Path.StartsWithSegments(HealthFeature.Path, StringComparison.OrdinalIgnoreCase) ? LogEventLevel.Debug
            : exception is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? LogEventLevel.Error
            : LogEventLevel.Information;
        options.EnrichDiagnosticContext = (line, context) =>
        {
            if (LoggedClientId.Of(context) is { } clientId)
            {
                line.Set("ClientId", clientId);
            }

            // So that the log finds the request even if the database did not take its steps.
            if (RequestSteps.Find(context) is { } steps)
            {
                line.Set("SupportCode", SupportCode.Show(steps.Code));
            }
        };
    });

    private static void Configure(IServiceProvider services, LoggerConfiguration log, IHostEnvironment environment)
    {
        // Not through IOptions: this runs before the start reports all wrong settings together, a wrong level among them.
        var levels = new LogLevels();
        Settings.Bind(levels, services.GetRequiredService<IConfiguration>().GetSection(LogLevels.Section));
        log.MinimumLevel.Is(levels.Default).Enrich.FromLogContext().ReadFrom.Services(services);
        foreach (var (source, level) in levels.Effective())
        {
            log.MinimumLevel.Override(source, level);
        }

        // The host logs a failed start with a stack trace. StartupErrors explains the same failure in words.
        log.Filter.ByExcluding(line => line.Properties.TryGetValue("SourceContext", out var source)
            && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" }
            && line.Exception is { } exception && StartupErrors.Explain(exception) is not null);

        if (environment.IsDevelopment())
        {
            log.WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        }
        else
        {
            log.WriteTo.Console(new RenderedCompactJsonFormatter());
        }
    }
}

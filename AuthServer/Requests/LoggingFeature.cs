using System.Globalization;
using AuthServer.Hosting;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace AuthServer.Requests;

/// <summary>
/// The log: text in Development, compact JSON elsewhere, one line a request, with the trace id. No token, code,
/// secret or password gets in: see <see cref="LogLevels"/> for what others would write.
/// </summary>
internal static class LoggingFeature
{
    // Values as JSON, so that none can begin a line of its own.
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
        };
    });

    private static void Configure(IServiceProvider services, LoggerConfiguration log, IHostEnvironment environment)
    {
        // Not through IOptions: a wrong level is told with all other faults, and this runs before they are looked at.
        var levels = new LogLevels();
        Settings.Bind(levels, services.GetRequiredService<IConfiguration>().GetSection(LogLevels.Section));
        log.MinimumLevel.Is(levels.Default).Enrich.FromLogContext().ReadFrom.Services(services);
        foreach (var (source, level) in levels.Effective())
        {
            log.MinimumLevel.Override(source, level);
        }

        // The host logs why it does not start, with a stack trace; StartupErrors says it in words.
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

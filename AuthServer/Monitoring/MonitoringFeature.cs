using AuthServer.Hosting;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthServer.Monitoring;

/// <summary>
/// Owns what machines see of the server: metrics and traces by OpenTelemetry, and the management port (<see cref="ManagementServer"/>).
/// Prometheus reads the port. With one of the standard <c>OTEL_EXPORTER_OTLP_…ENDPOINT</c> variables, metrics and traces also go to a
/// collector; without one, requests are not traced.
/// </summary>
internal static class MonitoringFeature
{
    // As they are named by https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private static readonly string[] Meters =
    [
        ServerMetrics.MeterName,
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Identity",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Npgsql",
        "System.Net.Http",
        "System.Runtime",
    ];

    /// <summary>Adds services that only a server needs. If nobody reads the metrics, nothing is measured.</summary>
    public static void AddMonitoringServer(this WebApplicationBuilder builder)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        services.AddSettings<ManagementOptions>(ManagementOptions.Section);
        services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>();
        var isRead = !(bool.TryParse(settings[$"{ManagementOptions.Section}:{nameof(ManagementOptions.Enabled)}"], out var on) && !on);
        var (sendsMetrics, sendsTraces) = (IsAnySet(settings, Endpoint, MetricsEndpoint), IsAnySet(settings, Endpoint, TracesEndpoint));
        if (isRead)
        {
            services.AddSingleton<ManagementServer>();
            services.AddHostedService(provider => provider.GetRequiredService<ManagementServer>());
        }

        if (isRead || sendsMetrics || sendsTraces)
        {
            services.AddOpenTelemetry().ConfigureResource(Name);
        }

        if (isRead || sendsMetrics)
        {
            services.AddHostedService<ServerState>();
            services.AddOpenTelemetry().WithMetrics(metrics => Measure(metrics, isRead, sendsMetrics));
        }

        if (sendsTraces)
        {
            services.AddOpenTelemetry().WithTracing(Trace);
        }
    }

    // The variables come last, so that OTEL_SERVICE_NAME decides.
    private static void Name(ResourceBuilder resource) => resource.Clear()
        .AddService("authserver", serviceVersion: ProgramVersion.Text)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static void Measure(MeterProviderBuilder metrics, bool isRead, bool sends)
    {
        metrics.AddMeter(Meters);
        if (isRead)
        {
            metrics.AddPrometheusExporter();
        }

        if (sends)
        {
            metrics.AddOtlpExporter();
        }
    }

    // No query: it may hold a token (id_token_hint) or a code.
    private static void Trace(TracerProviderBuilder traces) => traces
        .AddAspNetCoreInstrumentation(options => options.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null))
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        .AddOtlpExporter();

    private static bool IsAnySet(IConfiguration settings, params ReadOnlySpan<string> variables)
    {
        foreach (var variable in variables)
        {
            if (!string.IsNullOrEmpty(settings[variable]))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Diagnostics.Metrics;
using System.Globalization;
using AuthServer.Hosting;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Exporter;
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
    private const string SamplerShare = "OTEL_TRACES_SAMPLER_ARG";

    private const string Npgsql = "Npgsql";

    private static readonly string[] Meters =
    [
        ServerMetrics.MeterName,
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Identity",
        "Microsoft.AspNetCore.Server.Kestrel",
        Npgsql,
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
            services.AddOpenTelemetry().WithMetrics(metrics => Measure(metrics, settings, isRead, sendsMetrics));
        }

        if (sendsTraces)
        {
            services.AddOpenTelemetry().WithTracing(traces => Trace(traces, settings));
        }
    }

    // The variables come last, so that OTEL_SERVICE_NAME decides.
    private static void Name(ResourceBuilder resource) => resource.Clear()
        .AddService("authserver", serviceVersion: ProgramVersion.Text)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static void Measure(MeterProviderBuilder metrics, ConfigurationManager settings, bool isRead, bool sends)
    {
        metrics.AddMeter(Meters).AddView(WithoutConnectionString);
        if (isRead)
        {
            metrics.AddPrometheusExporter();
        }

        if (sends)
        {
            metrics.AddOtlpExporter(options => SendTo(options, settings[MetricsEndpoint]));
        }
    }

    // Npgsql names a pool by its connection string.
    private static MetricStreamConfiguration? WithoutConnectionString(Instrument instrument) => instrument.Meter.Name is Npgsql
        ? new MetricStreamConfiguration { TagKeys = ["db.client.connection.state", "error.type"] }
        : null;

    private static void Trace(TracerProviderBuilder traces, ConfigurationManager settings) => traces
        .SetSampler(new EdgeSampler(Share(settings[SamplerShare])))
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddNpgsql()
        .AddProcessor(new TraceRedaction())
        .AddOtlpExporter(options => SendTo(options, settings[TracesEndpoint]));

    private static double Share(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? Math.Clamp(share, 0, 1) : 1;

    // The exporter itself reads only the variable for both.
    private static void SendTo(OtlpExporterOptions options, string? endpoint)
    {
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
        {
            options.Endpoint = address;
        }
    }

    private static bool IsAnySet(ConfigurationManager settings, params string[] variables) =>
        Array.Exists(variables, variable => !string.IsNullOrEmpty(settings[variable]));
}

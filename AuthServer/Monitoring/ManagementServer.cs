using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthServer.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace AuthServer.Monitoring;

/// <summary>
/// A second, small server for machines that watch this one. Routes: <c>/metrics</c> (Prometheus), <c>/health</c> (each check with its
/// reason). It has its own Kestrel and its own pipeline, so that no mistake in the pipeline of the public port can lead here.
/// </summary>
internal sealed partial class ManagementServer(
    IServiceProvider services,
    IOptions<ManagementOptions> options,
    MeterProvider meters,
    HealthCheckService checks,
    ILoggerFactory logs) : IHostedService, IHttpApplication<HttpContext>
{
    // A scraper that stalls must not hold up the end of the server.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    // Readable reasons: the answer is never part of a page.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ILogger logger = logs.CreateLogger<ManagementServer>();
    private KestrelServer? server;
    private RequestDelegate answer = _ => Task.CompletedTask;

    /// <summary>Where it listens; null if it does not.</summary>
    public string? Url => server?.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        answer = Build();
        var kestrel = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = 16;
        var candidate = new KestrelServer(
            Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs), logs);
        candidate.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add(options.Value.Url);
        try
        {
            await candidate.StartAsync(this, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            candidate.Dispose();
            if (options.Value.Url is not ManagementOptions.DefaultUrl)
            {
                throw new OperatorException(
                    $"{ManagementOptions.Section}:{nameof(ManagementOptions.Url)}: nothing can listen there. {exception.Message}");
            }

            Log.Off(logger, options.Value.Url);
            return;
        }

        server = candidate;
        Log.Listening(logger, Url);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (server is not null)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StopPatience);
            await server.StopAsync(patience.Token);
            server.Dispose();
        }
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures) { RequestServices = services };

    public Task ProcessRequestAsync(HttpContext context) => answer(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (exception is not null and not OperationCanceledException)
        {
            Log.Failed(logger, exception, context.Request.Path);
        }
    }

    private RequestDelegate Build()
    {
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(
            meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        pipeline.Map("/health", health => health.Run(AnswerHealthAsync));
        pipeline.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("Here are /metrics and /health only.\n", context.RequestAborted);
        });
        return pipeline.Build();
    }

    private async Task AnswerHealthAsync(HttpContext context)
    {
        var report = await checks.CheckHealthAsync(context.RequestAborted);
        context.Response.StatusCode = report.Status is HealthStatus.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync(
            new
            {
                Status = report.Status.ToString(),
                Version = ProgramVersion.Text,
                Checks = report.Entries.ToDictionary(
                    check => check.Key,
                    check => new
                    {
                        Status = check.Value.Status.ToString(),
                        Reason = check.Value.Description,
                        Milliseconds = Math.Round(check.Value.Duration.TotalMilliseconds, 1),
                    }),
            },
            Json,
            context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Metrics and health details: {Url}")]
        public static partial void Listening(ILogger logger, string? url);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "There are no metrics and no health details: something else listens on {Url}. Set Management:Url, or set "
                + "Management:Enabled to false")]
        public static partial void Off(ILogger logger, string url);

        [LoggerMessage(Level = LogLevel.Error, Message = "The management port cannot answer {Path}")]
        public static partial void Failed(ILogger logger, Exception exception, string? path);
    }
}

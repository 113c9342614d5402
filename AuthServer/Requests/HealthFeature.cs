using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work, so send it requests. Both say
/// which check failed and not why; the log does. The version is for the machine's own monitoring: a known weakness of a
/// version must not be found by asking from outside.
/// </summary>
internal static class HealthFeature
{
    public static readonly PathString Path = "/health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // The plus sign of a version is read by people, too.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // The framework renames what it has believed.
    private static readonly string[] HeadersOfProxies =
    [
        ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XForwardedProtoHeaderName,
        ForwardedHeadersDefaults.XOriginalForHeaderName, ForwardedHeadersDefaults.XOriginalProtoHeaderName,
        "Forwarded", HeaderNames.Via,
    ];

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<DatabaseCheck>("database", timeout: Patience)
        .AddCheck<KeysCheck>("keys");

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks(Path + "/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks(Path + "/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = report.Status.ToString(),
        Version = IsFromThisMachine(context) ? ProgramVersion.Text : null,
        Checks = report.Entries.ToDictionary(check => check.Key, check => check.Value.Status.ToString()),
    }, Json, context.RequestAborted);

    // A proxy on this machine also connects from a loopback address. With an https issuer it has to send X-Forwarded-Proto, or nothing works.
    private static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Array.Exists(HeadersOfProxies, context.Request.Headers.ContainsKey);

    private sealed class DatabaseCheck(DatabaseMigrator migrator) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await migrator.PendingAsync(cancellationToken) is not [] ? HealthCheckResult.Unhealthy("The schema is not up to date.")
                    : await migrator.IsReadOnlyAsync(cancellationToken) ? HealthCheckResult.Unhealthy("The database may only be read.")
                    : HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (Failure.IsDatabaseDown(exception))
            {
                return HealthCheckResult.Unhealthy(Failure.DatabaseProblem(exception));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy("The database does not answer in time.");
            }
        }
    }

    private sealed class KeysCheck(KeyRing keys) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(keys.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The keys are not loaded."));
    }
}

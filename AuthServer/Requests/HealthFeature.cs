using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Requests;

/// <summary>
/// Owns the health checks. Routes: <c>/health/live</c> (the process answers), <c>/health/ready</c> (it can serve requests). The response
/// names the failed check but not the reason, which is in the log. Only a caller on this machine gets the version: nobody
/// outside must be able to find out that a server has a version with a known weakness.
/// </summary>
internal static class HealthFeature
{
    public static readonly PathString Path = "/health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // No escape for the plus sign of the version, because people read it, too.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // The framework renames the headers that it has believed.
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

    // A proxy on this machine also connects from a loopback address, but sends one of these headers. With an https issuer it must send
    // X-Forwarded-Proto, because otherwise all other requests are refused.
    private static bool IsFromThisMachine(HttpContext context) =>
        context.RemoteAddress() is { } address && IPAddress.IsLoopback(address)
        && !Array.Exists(HeadersOfProxies, context.Request.Headers.ContainsKey);

    private sealed class DatabaseCheck(DatabaseMigrator migrator) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await migrator.PendingAsync(cancellationToken) is not []
                    ? HealthCheckResult.Unhealthy("The schema is not up to date.")
                    : await migrator.IsReadOnlyAsync(cancellationToken) ? HealthCheckResult.Unhealthy("The database is read-only.")
                    : HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (Failure.IsDatabaseDown(exception))
            {
                return HealthCheckResult.Unhealthy(Failure.DatabaseProblem(exception));
            }
            catch (OperatorException exception)
            {
                return HealthCheckResult.Unhealthy(exception.Message);
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

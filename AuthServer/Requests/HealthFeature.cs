using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Requests;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work, so send it requests. Both say
/// which check failed and not why; the log does.
/// </summary>
internal static class HealthFeature
{
    public static readonly PathString Path = "/health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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
        Checks = report.Entries.ToDictionary(check => check.Key, check => check.Value.Status.ToString()),
    });

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

using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ResourceApi.Bearer;
using ResourceApi.Data;

namespace ResourceApi.Hosting;

/// <summary>
/// /health/live: the process answers. /health/ready: the API can do its work. If the issuer is away but its keys are known, the API
/// is degraded, not unready: it can still validate tokens.
/// </summary>
internal static class Health
{
    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks()
            .AddCheck<IssuerCheck>("issuer")
            .AddCheck<DatabaseCheck>("database");

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(
                entry => entry.Key, entry => new { Status = entry.Value.Status.ToString(), entry.Value.Description }),
        });

    private sealed class IssuerCheck(IssuerKeys keys) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(keys switch
            {
                { AreKnown: false } => HealthCheckResult.Unhealthy("No keys of the issuer yet."),
                { AreStale: true } => HealthCheckResult.Degraded("The issuer does not answer; its last known keys are in use."),
                _ => HealthCheckResult.Healthy(),
            });
    }

    private sealed class DatabaseCheck(ApiDbContext database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await database.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database file cannot be opened.");
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SampleClient.App;

/// <summary>Without its folder the app can sign nobody in. The issuer and the API are not asked: when they are away, pages say so.</summary>
internal sealed class DataDirectoryCheck(DataDirectory directory) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(directory.IsWritable ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("App:DataDirectory cannot be written to."));
}

using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace SampleClient.Hosting;

/// <summary>/health/live: the process answers. /health/ready: every registered check passes.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }
}

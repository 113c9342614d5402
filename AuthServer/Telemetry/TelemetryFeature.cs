namespace AuthServer.Telemetry;

/// <summary>Owns the server's own instruments. Any feature counts with them; Monitoring/ exports them. Serves no route.</summary>
internal static class TelemetryFeature
{
    public static void AddTelemetry(this IServiceCollection services) => services.AddSingleton<ServerMetrics>();
}

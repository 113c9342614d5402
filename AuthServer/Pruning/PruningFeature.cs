using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

/// <summary>Deletes expired rows: sessions, their events, revoked tokens, spent values, throttling counts. Serves no route.</summary>
internal static class PruningFeature
{
    public static void AddPruning(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PruningOptions>, PruningOptionsValidator>();
        services.AddSettings<PruningOptions>(PruningOptions.Section);
        services.AddScoped<PruningRun>();
        services.AddHostedService<PruningService>();
    }
}

using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

/// <summary>
/// Owns the deletion of expired rows: sessions and their events, revoked tokens, spent values, counters of failed sign-ins, codes and
/// kept requests, authorizations without a session that are revoked or have no token, and steps of support codes. Serves no route. Leaves mails, logout
/// notices and keys to their own folders.
/// </summary>
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

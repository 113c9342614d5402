using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ResourceApi.Data;

/// <summary>One SQLite file of the API's own, migrated at start.</summary>
internal static class DataFeature
{
    public static IServiceCollection AddData(this IServiceCollection services)
    {
        services.AddOptions<DataOptions>().BindConfiguration("ConnectionStrings").ValidateOnStart()
            .Validate(data => data.DatabaseFile is not null, "ConnectionStrings:ResourceApi must name a SQLite file, such as Data Source=/data/resourceapi.db.");
        services.AddDbContext<ApiDbContext>((provider, database) => database
            .UseSqlite(provider.GetRequiredService<IOptions<DataOptions>>().Value.ResourceApi)
            .AddInterceptors(new SqlitePragmas()));
        return services;
    }

    public static async Task MigrateAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DataOptions>>().Value;
        if (Path.GetDirectoryName(options.DatabaseFile) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ApiDbContext>().Database;

        // MigrateAsync takes a lock that outlives a killed process: only when there is something to do.
        if ((await database.GetPendingMigrationsAsync()).Any())
        {
            await database.MigrateAsync();
        }
    }
}

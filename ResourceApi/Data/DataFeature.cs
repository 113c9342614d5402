using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ResourceApi.Data;

/// <summary>The API's own SQLite file, migrated at startup. The entities are in the folders that use them: Notes and People.</summary>
internal static class DataFeature
{
    public static void AddData(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DataOptions>, DataOptionsValidator>();
        services.AddOptions<DataOptions>().BindConfiguration(DataOptions.Section).ValidateOnStart();
        services.AddDbContext<ApiDbContext>((provider, database) => database
            .UseSqlite(provider.GetRequiredService<IOptions<DataOptions>>().Value.ResourceApi)
            .AddInterceptors(new SqlitePragmas()));
    }

    public static async Task MigrateAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DataOptions>>().Value;
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ApiDbContext>().Database;
        try
        {
            DatabaseFile.Create(Path.GetFullPath(options.DatabaseFile!));
            if ((await database.GetPendingMigrationsAsync()).Any())
            {
                // EF's migration lock survives a killed process, and EF would wait for it forever. Removing it is safe: only one
                // process uses this file.
                await database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock";""");
                await database.MigrateAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new OptionsValidationException(
                DataOptions.Section, typeof(DataOptions), [$"{DataOptions.Key} does not lead to a usable database. {exception.Message}"]);
        }
    }
}

using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AuthServer.DatabaseTests.Data;

/// <summary>The schema of the first release.</summary>
internal static class Baseline
{
    /// <summary>Creates this schema in a new database, without any later migration.</summary>
    public static Task MigrateAsync(AuthDbContext context)
    {
        if (context.Database.IsSqlite())
        {
            SqliteFile.TryLock(SqliteFile.PathOf(context.Database.GetConnectionString()!) + ".migrating")!.Dispose();
        }

        return context.GetService<IMigrator>().MigrateAsync(Migration(context).Key);
    }

    /// <summary>Its tables, as the migration itself describes them. The present entities may have others.</summary>
    public static IReadOnlyList<ITable> Tables(AuthDbContext context)
    {
        var migration = context.GetService<IMigrationsAssembly>().CreateMigration(Migration(context).Value, context.Database.ProviderName!);
        var model = context.GetService<IModelRuntimeInitializer>().Initialize(migration.TargetModel, designTime: true);
        return [.. model.GetRelationalModel().Tables];
    }

    private static KeyValuePair<string, System.Reflection.TypeInfo> Migration(AuthDbContext context) =>
        context.GetService<IMigrationsAssembly>().Migrations
            .First(migration => migration.Key.EndsWith("_Initial", StringComparison.Ordinal));
}

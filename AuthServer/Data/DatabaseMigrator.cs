using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>
/// Brings the schema up to date. Safe from several replicas at once: EF holds a database lock on SQL Server and
/// PostgreSQL, and a lock on a file beside the database does so on SQLite.
/// </summary>
internal sealed partial class DatabaseMigrator(
    IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, ILogger<DatabaseMigrator> logger)
{
    /// <returns>The migrations that were pending, oldest first.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        await using var fileLock = await LockFileAsync(cancellationToken);

        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await ForgetDeadMigrationAsync(context, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
            Log.Migrated(logger, pending.Count, pending[^1]);
        }

        if (options.Value.Provider is DatabaseProvider.SqlServer)
        {
            await UseRowVersionsAsync(context, cancellationToken);
        }

        return pending;
    }

    /// <returns>The migrations still to be applied; empty when the server may start.</returns>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        return [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)];
    }

    // The lock of a file goes with its process; the lock row that EF writes to SQLite outlives a killed one and would
    // be waited for without end.
    private async Task<FileStream?> LockFileAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider is not DatabaseProvider.Sqlite)
        {
            return null;
        }

        var source = new SqliteConnectionStringBuilder(options.Value.ConnectionString).DataSource;
        if (source is "" or ":memory:")
        {
            return null;
        }

        var path = Path.GetFullPath(source) + ".migrating";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    private async Task ForgetDeadMigrationAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (options.Value.Provider is DatabaseProvider.Sqlite)
        {
            await context.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock";""", cancellationToken);
        }
    }

    // Readers must not wait for writers. EF sets this on a database it creates, not on one it finds.
    private static Task<int> UseRowVersionsAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(
            """
            IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0)
                ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
            """,
            cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Count} migrations, the last {Migration}")]
        public static partial void Migrated(ILogger logger, int count, string migration);
    }
}

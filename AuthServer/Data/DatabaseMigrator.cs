using System.Data.Common;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>
/// Brings the schema up to date. Several replicas may run it at once: EF takes a lock in the database on SQL Server,
/// <see cref="PostgresTurn"/> on PostgreSQL; on SQLite this class locks a file beside the database.
/// </summary>
internal sealed partial class DatabaseMigrator(
    IServiceScopeFactory scopes,
    MigrationHistory history,
    IOptions<DatabaseOptions> options,
    TimeProvider time,
    ILogger<DatabaseMigrator> logger)
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <returns>The migrations that this call applied, oldest first. Another node may have applied some of the pending ones.</returns>
    /// <exception cref="OperatorException">The database is of a version that cannot be migrated, or is read-only.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        await using var file = await TakeFileAsync(cancellationToken);
        await CreateAsync(context, cancellationToken);

        IReadOnlyList<string> applied = [];
        if ((await history.ReadAsync(context, cancellationToken)).Pending.Count > 0)
        {
            await RefuseReadOnlyAsync(context, cancellationToken);
            await ForgetDeadMigrationAsync(context, cancellationToken);
            await using var turn = options.Value.Provider is DatabaseProvider.Postgres
                ? await PostgresTurn.TakeAsync(options.Value.ConnectionString, cancellationToken)
                : null;
            using var watch = new AppliedMigrations(context);
            await context.Database.MigrateAsync(cancellationToken);
            applied = watch.Ids;
        }

        if (applied.Count > 0)
        {
            Log.Migrated(logger, applied.Count, applied[^1]);
        }

        if (await AdviceAsync(context, cancellationToken) is not null)
        {
            await Retry.UntilDoneAsync(
                () => ReadCommittedSnapshot.TryUseAsync(context, cancellationToken), MostAttempts, Pause, time, cancellationToken);
        }

        if (await AdviceAsync(context, cancellationToken) is { } advice)
        {
            Log.Advice(logger, advice);
        }

        return applied;
    }

    /// <returns>Advice to the operator about the database, or null.</returns>
    public async Task<string?> AdviceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await AdviceAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken);
    }

    /// <summary>True if the connected database is read-only.</summary>
    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ReadOnlyDatabase.IsMetAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken);
    }

    /// <returns>The migrations still to be applied; empty when the server may start.</returns>
    /// <exception cref="OperatorException">The database is of a version that cannot be migrated.</exception>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await history.ReadAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken)).Pending;
    }

    /// <returns>
    /// The migrations that <see cref="MigrateAsync"/> would apply. Changes nothing, not even a SQLite file that does not exist.
    /// </returns>
    /// <exception cref="OperatorException">The database is of a newer version, or of one that cannot be migrated.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await history.CheckAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken)).Pending;
    }

    // EF's lock lies in the database, so it cannot protect the creation of the database. Of several nodes one creates it, and the others
    // retry until it exists. The error of the last attempt is thrown.
    private async Task CreateAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (!await Retry.UntilDoneAsync(() => TryCreateAsync(creator, cancellationToken), MostAttempts, Pause, time, cancellationToken))
        {
            await creator.CreateAsync(cancellationToken);
        }
    }

    private static async Task<bool> TryCreateAsync(IRelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        if (await creator.ExistsAsync(cancellationToken))
        {
            return true;
        }

        try
        {
            await creator.CreateAsync(cancellationToken);
            return true;
        }
        catch (DbException exception)
        {
            if (await creator.ExistsAsync(cancellationToken))
            {
                return true;
            }

            if (!DatabaseErrors.IsAnotherCreating(exception))
            {
                throw;
            }

            return false;
        }
    }

    private static async Task RefuseReadOnlyAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (await ReadOnlyDatabase.IsMetAsync(context, cancellationToken))
        {
            throw new OperatorException(
                "The database of ConnectionStrings:AuthServer is read-only, and its schema is not up to "
                + "date. Run 'AuthServer migrate' on the primary.");
        }
    }

    private async Task<string?> AdviceAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        options.Value.Provider is DatabaseProvider.SqlServer && !await ReadCommittedSnapshot.AreOnAsync(context, cancellationToken)
            ? ReadCommittedSnapshot.Advice
            : null;

    private async Task<FileStream?> TakeFileAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider is not DatabaseProvider.Sqlite)
        {
            return null;
        }

        var database = SqliteFile.PathOf(options.Value.ConnectionString);
        var path = database + ".migrating";
        var turn = SqliteFile.TryLock(path);
        if (turn is null)
        {
            Log.Waiting(logger, path);
        }

        while (turn is null)
        {
            await Task.Delay(Poll, cancellationToken);
            turn = SqliteFile.TryLock(path);
        }

        SqliteFile.Create(database);
        return turn;
    }

    // EF writes a lock row to SQLite. If a process is killed while it migrates, the row stays, and EF would wait for it forever.
    // This process holds the file lock, so no other process is migrating.
    private async Task ForgetDeadMigrationAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (options.Value.Provider is DatabaseProvider.Sqlite)
        {
            await context.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock";""", cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Count} migrations, the last {Migration}")]
        public static partial void Migrated(ILogger logger, int count, string migration);

        [LoggerMessage(Level = LogLevel.Information, Message = "Another process is migrating the database; waiting for its lock on {Path}")]
        public static partial void Waiting(ILogger logger, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Advice}")]
        public static partial void Advice(ILogger logger, string advice);
    }
}

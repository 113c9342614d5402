using System.Data.Common;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>
/// Brings the schema up to date. Safe from several replicas at once: EF holds a database lock on SQL Server and
/// PostgreSQL, and a lock on a file beside the database does so on SQLite.
/// </summary>
internal sealed partial class DatabaseMigrator(
    IServiceScopeFactory scopes, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <returns>The migrations that this call applied, oldest first; another node may have applied some of those that were pending.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        await using var turn = await TakeTurnAsync(cancellationToken);
        await CreateAsync(context, cancellationToken);

        IReadOnlyList<string> applied = [];
        if ((await PendingAsync(context, cancellationToken)).Count > 0)
        {
            await RefuseReadOnlyAsync(context, cancellationToken);
            await ForgetDeadMigrationAsync(context, cancellationToken);
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
            await Attempts.MakeAsync(() => RowVersions.TryUseAsync(context, cancellationToken), MostAttempts, Pause, time, cancellationToken);
        }

        if (await AdviceAsync(context, cancellationToken) is { } advice)
        {
            Log.Advice(logger, advice);
        }

        return applied;
    }

    /// <returns>What the operator had better do about the database; null when nothing.</returns>
    public async Task<string?> AdviceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await AdviceAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken);
    }

    /// <summary>Whether the database that answers may only be read.</summary>
    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ReadOnlyDatabase.IsMetAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken);
    }

    /// <returns>The migrations still to be applied; empty when the server may start.</returns>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await PendingAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), cancellationToken);
    }

    private async Task<IReadOnlyList<string>> PendingAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        await AppliedAsync(context, cancellationToken) is { } applied
            ? [.. context.Database.GetMigrations().Except(applied)]
            : [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)];

    // EF itself builds a model of that one table first, which is a good part of the time that a server takes to start.
    // Null where there is no such table; EF then tells what there is.
    private async Task<IReadOnlyList<string>?> AppliedAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (options.Value.Provider is DatabaseProvider.Sqlite && !File.Exists(SqliteFile.PathOf(options.Value.ConnectionString)))
        {
            return null;
        }

        // By EF's own command, which DataFeature's interceptors see.
        var command = context.GetService<IRawSqlCommandBuilder>().Build($"SELECT \"MigrationId\" FROM \"{HistoryRepository.DefaultTableName}\"");
        try
        {
            await using var reader = await command.ExecuteReaderAsync(
                new RelationalCommandParameterObject(
                    context.GetService<IRelationalConnection>(), null, null, context, context.GetService<IRelationalCommandDiagnosticsLogger>()),
                cancellationToken);
            var applied = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.DbDataReader.GetString(0));
            }

            return applied;
        }
        catch (DbException exception) when (!DatabaseErrors.AreAway(exception))
        {
            return null;
        }
    }

    // EF's lock is in the database, so making that comes before it: of several nodes one is first and the others find it made, or wait
    // until it is. The last attempt's error is the one that is told.
    private async Task CreateAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        var creator = context.GetService<IRelationalDatabaseCreator>();
        if (!await Attempts.MakeAsync(() => TryCreateAsync(creator, cancellationToken), MostAttempts, Pause, time, cancellationToken))
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
                "The database of ConnectionStrings:AuthServer may only be read, and its schema is not up to date. Run 'AuthServer migrate' on the primary.");
        }
    }

    private async Task<string?> AdviceAsync(AuthDbContext context, CancellationToken cancellationToken) =>
        options.Value.Provider is DatabaseProvider.SqlServer && !await RowVersions.AreOnAsync(context, cancellationToken)
            ? RowVersions.Advice
            : null;

    private async Task<FileStream?> TakeTurnAsync(CancellationToken cancellationToken)
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

    // The lock row that EF writes to SQLite outlives a process killed while it migrates and would be waited for
    // without end. Whoever has the turn knows that nobody is behind it.
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

        [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the process that migrates and holds {Path}")]
        public static partial void Waiting(ILogger logger, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Advice}")]
        public static partial void Advice(ILogger logger, string advice);
    }
}

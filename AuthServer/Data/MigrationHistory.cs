using System.Data.Common;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Reads which migrations the database has.</summary>
internal sealed class MigrationHistory(IOptions<DatabaseOptions> options)
{
    /// <exception cref="OperatorException">
    /// The database is of another version, and no migration leads from it to this program's schema.
    /// </exception>
    public async Task<SchemaState> ReadAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        var state = await AppliedAsync(context, cancellationToken) is { } applied
            ? new SchemaState([.. context.Database.GetMigrations().Except(applied)], [.. applied.Except(context.Database.GetMigrations())])
            : new SchemaState([.. await context.Database.GetPendingMigrationsAsync(cancellationToken)], []);
        return state.IsForeign
            ? throw new OperatorException(
                $"The database {NameOf(context)} was made by another version of AuthServer, "
                + $"whose migration {state.Unknown[0]} this version does not have: "
                + "use the version that made it, or name another database in ConnectionStrings:AuthServer.")
            : state;
    }

    /// <summary>Reads it without changing anything. A database that does not exist lacks all migrations.</summary>
    /// <exception cref="OperatorException">The database is of a newer version, or of one that cannot be migrated.</exception>
    public async Task<SchemaState> CheckAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(context, cancellationToken))
        {
            return new SchemaState([.. context.Database.GetMigrations()], []);
        }

        if (IsSqlite)
        {
            // EF does not intercept a connection that is open already, so SqlitePragmas does not change the file's journal mode.
            await context.Database.GetDbConnection().OpenAsync(cancellationToken);
        }

        var state = await ReadAsync(context, cancellationToken);
        return state.IsNewer
            ? throw new OperatorException(
                $"The database {NameOf(context)} is newer than AuthServer {ProgramVersion.Text}, "
                + $"which does not have the migration {state.Unknown[0]}.")
            : state;
    }

    private bool IsSqlite => options.Value.Provider is DatabaseProvider.Sqlite;

    private string SqlitePath => SqliteFile.PathOf(options.Value.ConnectionString);

    private Task<bool> ExistsAsync(AuthDbContext context, CancellationToken cancellationToken) => IsSqlite
        ? Task.FromResult(File.Exists(SqlitePath))
        : context.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellationToken);

    private string NameOf(AuthDbContext context)
    {
        var connection = context.Database.GetDbConnection();
        return IsSqlite ? SqlitePath : $"'{connection.Database}' at {connection.DataSource}";
    }

    // Reads the table without EF's own method, which first builds a model of that one table and so takes much of the start time.
    // Null if there is no such table; the caller then asks EF.
    private async Task<IReadOnlyList<string>?> AppliedAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (IsSqlite && !File.Exists(SqlitePath))
        {
            return null;
        }

        // An EF command, so that the interceptors of DataFeature see it.
        var command = context.GetService<IRawSqlCommandBuilder>()
            .Build($"SELECT \"MigrationId\" FROM \"{HistoryRepository.DefaultTableName}\"");
        try
        {
            await using var reader = await command.ExecuteReaderAsync(
                new RelationalCommandParameterObject(
                    context.GetService<IRelationalConnection>(),
                    null,
                    null,
                    context,
                    context.GetService<IRelationalCommandDiagnosticsLogger>()),
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
}

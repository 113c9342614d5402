using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ResourceApi.Data;

/// <summary>
/// Readers beside a writer, and a writer that waits for another. SQLite keeps only journal_mode in the file; the
/// others are set on each connection.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Always = "PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL;";
    private const string ToWrite = "PRAGMA journal_mode=WAL; " + Always;

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Pragmas(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Pragmas(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // EF opens the file to read only when it looks whether there is a database, and this may be an empty one.
    private static DbCommand Pragmas(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = ToWrite;
        if (new SqliteConnectionStringBuilder(connection.ConnectionString).Mode is SqliteOpenMode.ReadOnly)
        {
            command.CommandText = Always;
        }

        return command;
    }
}

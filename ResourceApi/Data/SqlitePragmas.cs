using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ResourceApi.Data;

/// <summary>
/// Lets readers work beside a writer, and a writer wait for another. SQLite stores only journal_mode in the file; the other
/// settings belong to each connection.
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

    // EF opens the file read-only to see whether there is a database. Then journal_mode cannot be changed, and the file may be new.
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

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Sets the pragmas on each connection that is opened. SQLite does not keep most of them in the file.</summary>
internal sealed class SqlitePragmas(IOptions<DatabaseOptions> options) : DbConnectionInterceptor
{
    private readonly string pragmas =
        $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(options.Value.SynchronousFull ? "FULL" : "NORMAL")};";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // only a number and one of two words vary
        // With busy_timeout SQLite itself waits for another writer, and wakes sooner than the driver, which polls. It comes first, because
        // the change of the journal mode of a new file may have to wait.
        command.CommandText = $"PRAGMA busy_timeout = {command.CommandTimeout * 1000}; {pragmas}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthServer.Data;

/// <summary>Sets what SQLite keeps per connection, not per file.</summary>
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
#pragma warning disable CA2100 // numbers and one of two words
        // The wait for another writer in SQLite itself: it wakes sooner than the driver, which polls. It comes first, because changing the
        // journal mode of a new file needs it.
        command.CommandText = $"PRAGMA busy_timeout = {command.CommandTimeout * 1000}; {pragmas}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

using Npgsql;

namespace AuthServer.Data;

/// <summary>
/// Lets one node at a time migrate a PostgreSQL database. EF's own lock ends with the transaction of each migration, so if two migrations
/// are pending, a second node would get the lock between them, and both nodes would apply the second migration.
/// </summary>
internal static class PostgresTurn
{
    // The lock ends with the transaction. A lock of the session would not hold behind a pooler that gives each transaction another session.
    private const string Take = """
        SET LOCAL statement_timeout = 0;
        SET LOCAL lock_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        SELECT pg_advisory_xact_lock(4712388980131426674);
        """;

    /// <summary>Waits until no other node migrates.</summary>
    /// <returns>The turn, which ends when it is disposed, or with this process.</returns>
    public static async Task<IAsyncDisposable> TakeAsync(string connectionString, CancellationToken cancellationToken)
    {
        var text = new NpgsqlConnectionStringBuilder(PostgresConnection.Tune(connectionString)) { Pooling = false };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Take, connection, transaction) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

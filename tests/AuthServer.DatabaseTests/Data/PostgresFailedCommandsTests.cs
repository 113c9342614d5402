using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A statement that could not be sent leaves no state in Npgsql that makes the next one fail.</summary>
public sealed class PostgresFailedCommandsTests(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task The_query_for_migrations_may_fail_on_a_closed_connection()
    {
        // A separate pool, on whose connections no statement was sent before.
        var connectionString = await Database.MigratedAsync() + ";Application Name=failed-commands";
        var migrator = NodeOn(connectionString).Services.GetRequiredService<DatabaseMigrator>();
        Assert.Empty(await migrator.PendingAsync(TestContext.Current.CancellationToken));

        // PostgreSQL plans a statement when it is sent for the second time. The driver would remember that the planning was under
        // way.
        await EndConnectionsAsync(connectionString);
        await Record.ExceptionAsync(() => migrator.PendingAsync(TestContext.Current.CancellationToken));

        Assert.False(await migrator.IsReadOnlyAsync(TestContext.Current.CancellationToken));
    }

    private static async Task EndConnectionsAsync(string connectionString)
    {
        const string End =
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(End, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

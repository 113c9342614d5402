using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A statement that could not be sent leaves nothing behind in Npgsql that the next one stumbles over.</summary>
public sealed class PostgresFailedCommandsTests(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task The_question_for_migrations_may_fail_on_a_connection_that_was_ended()
    {
        // A pool of its own: nobody has asked anything on its connections.
        var connectionString = await Database.MigratedAsync() + ";Application Name=failed-commands";
        var migrator = NodeOn(connectionString).Services.GetRequiredService<DatabaseMigrator>();
        Assert.Empty(await migrator.PendingAsync(TestContext.Current.CancellationToken));

        // PostgreSQL plans a statement when it is sent for the second time; that this was under way is what the driver would remember.
        await EndConnectionsAsync(connectionString);
        await Record.ExceptionAsync(() => migrator.PendingAsync(TestContext.Current.CancellationToken));

        Assert.False(await migrator.IsReadOnlyAsync(TestContext.Current.CancellationToken));
    }

    private static async Task EndConnectionsAsync(string connectionString)
    {
        const string End = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(End, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

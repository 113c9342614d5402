using System.Net;
using AuthServer.DatabaseTests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A server that starts while another process has a long write transaction.</summary>
public sealed class LockedFileTests(SqliteDatabase database) : ProviderTests(database), IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_server_waits_says_so_and_starts_when_the_other_process_has_finished()
    {
        var connectionString = await Database.MigratedAsync();
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);

        // It must write, because it has no keys yet.
        await using var server = AuthServerProcess.Start(
            Database.Provider, $"{connectionString};Default Timeout=1", settings: [("Keys:AllowUnprotectedKeyRing", "true")]);
        await server.LogAsync("Waiting for another process that writes to the database file");
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        using var http = await server.HttpAsync();
        using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

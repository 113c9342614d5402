using System.Net;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using Npgsql;

namespace AuthServer.DatabaseTests.Data;

/// <summary>A PostgreSQL that behaves like a standby: it refuses each write (25006).</summary>
public sealed class ReadOnlyDatabaseTests(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
{
    private const string Platform = """
        apis: [{ resource: "http://localhost:8410", scopes: [{ name: notes.read }] }]
        apps: [{ id: orders, secret: "plain:orders-demo-secret", grants: [password], scopes: [notes.read] }]
        users: [{ name: alice, email: alice@example.test, password: "plain:correct-horse-apple" }]
        """;

    [Fact]
    public async Task On_a_standby_the_server_is_not_ready_and_answers_503_until_the_promotion()
    {
        var connectionString = await Database.MigratedAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Platform, TestContext.Current.CancellationToken);
        await using var server = AuthServerProcess.Start(
            DatabaseProvider.Postgres, connectionString, settings: [("ASPNETCORE_ENVIRONMENT", "Development"), ("Platform:File", file)]);
        using var http = await server.HttpAsync();
        File.Delete(file);
        Assert.Equal((HttpStatusCode.OK, null), await SignInAsync(http));

        await SwitchAsync(connectionString, "on");
        await UntilAsync(http, HttpStatusCode.ServiceUnavailable);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), await SignInAsync(http));

        await SwitchAsync(connectionString, "off");
        await UntilAsync(http, HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.OK, null), await SignInAsync(http));
        Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode, TimeSpan?)> SignInAsync(HttpClient http)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "password"), new("client_id", "orders"), new("client_secret", "orders-demo-secret"),
            new("username", "alice"), new("password", "correct-horse-apple"), new("scope", "notes.read"),
        ]);
        using var answer = await http.PostAsync("/connect/token", form, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.RetryAfter?.Delta);
    }

    // The first requests may get connections that were closed.
    private static async Task UntilAsync(HttpClient http, HttpStatusCode ready)
    {
        for (var patience = 0; ; patience++)
        {
            using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            if (answer.StatusCode == ready && patience > 2)
            {
                return;
            }

            Assert.True(patience < 100, $"/health/ready stays {answer.StatusCode}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    // The setting applies to new connections, so the existing ones are closed.
    private static async Task SwitchAsync(string connectionString, string value)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
#pragma warning disable CA2100 // a test's own words
        await using var command = new NpgsqlCommand(
            $"ALTER DATABASE {name} SET default_transaction_read_only = {value}; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + $"WHERE datname = '{name}' AND pid <> pg_backend_pid()",
            connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}

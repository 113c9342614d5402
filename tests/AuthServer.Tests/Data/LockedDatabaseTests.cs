using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Data;

/// <summary>A SQLite database with a write transaction of another process that does not end.</summary>
public sealed class LockedDatabaseTests
{
    [Fact]
    public async Task A_request_that_writes_waits_as_the_connection_string_says_and_is_answered_with_503()
    {
        await using var app = await AuthServerApp.StartAsync();
        await using var node = AuthServerApp.Beside(
            app, ("ConnectionStrings:AuthServer", $"Data Source={app.DatabasePath};Default Timeout=2"));
        await using var other = new SqliteConnection($"Data Source={app.DatabasePath};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; UPDATE Users SET DisplayName = 'x';";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var clock = Stopwatch.StartNew();
        var answer = await node.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple", "notes.read");

        answer.AssertRefused("temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter);

        // The driver would wait for 30 seconds.
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }
}

using System.Net;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Sessions;

public sealed class PruningServiceTests
{
    private const string ExpireAll = "UPDATE Sessions SET ExpiresAt = 1";

    [Fact]
    public async Task The_server_prunes_by_itself_and_logs_the_result()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var expired = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        await app.SqlAsync(ExpireAll);
        var living = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        await UntilLoggedAsync(app, "Pruned 1 sessions, 0 events");

        (await client.RefreshAsync(expired.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await client.IntrospectAsync(expired.AccessToken))["active"]);
        (await client.RefreshAsync(living.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task A_database_outage_is_logged_and_the_server_goes_on()
    {
        await using var app = await AuthServerApp.StartAsync();
        app.LoseDatabase();

        await UntilLoggedAsync(app, "Pruning ended early");

        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task The_command_reports_what_it_would_delete_and_deletes_it()
    {
        await using var app = await AuthServerApp.StartAsync(("Pruning:Enabled", "false"));
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        await app.SqlAsync(ExpireAll);

        Assert.StartsWith("1 sessions, ", (await cli.RunAsync("prune", "--dry-run")).AssertOk().Output, StringComparison.Ordinal);
        Assert.StartsWith("1 sessions, ", (await cli.RunAsync("prune")).AssertOk().Output, StringComparison.Ordinal);
        Assert.StartsWith("0 sessions, ", (await cli.RunAsync("prune")).AssertOk().Output, StringComparison.Ordinal);
        await app.SqlAsync("UPDATE Leases SET Until = 4000000000000000000");
        (await cli.RunAsync("prune")).AssertFailed("is pruning; nothing was done");
    }

    [Fact]
    public async Task Settings_out_of_range_are_reported_at_once()
    {
        using var cli = new Cli();

        var outcome = await cli.RunAsync(
            "prune", "--Pruning:BatchSize=0", "--Pruning:Retention=00:00:01", "--Pruning:Interval=0", "--Pruning:Pause=1");

        foreach (var key in new[] { "BatchSize", "Retention", "Interval", "Pause" })
        {
            outcome.AssertFailed($"Pruning:{key} is ");
        }
    }

    // The clock is advanced repeatedly, because it stands still and the service may not have begun to wait yet.
    private static async Task UntilLoggedAsync(AuthServerApp app, string message)
    {
        for (var patience = 0; !app.Log.Any(line => line.Contains(message, StringComparison.Ordinal)); patience++)
        {
            Assert.True(patience < 300, $"'{message}' was not logged.");
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(50);
        }
    }
}

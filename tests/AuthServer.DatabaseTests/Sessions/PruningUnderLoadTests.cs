using System.Diagnostics;
using AuthServer.Connect.Refresh;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Pruning;
using Microsoft.EntityFrameworkCore;
using Rig;
using static AuthServer.Connect.Refresh.RefreshTokenRotation.Outcome;

namespace AuthServer.DatabaseTests.Sessions;

/// <summary>
/// This takes minutes, so it runs only by name: <c>--explicit only --show-live-output on --filter-class '*PruningUnderLoad*'</c>.
/// </summary>
public sealed class PruningUnderLoadTests(PostgresDatabase database) : ProviderTests(database), IClassFixture<PostgresDatabase>
{
    private const int Million = 1_000_000;
    private const int Workers = 2;

    // PostgreSQL plans each statement that is not prepared, and reads both ends of the indexes for this. There it finds the deleted
    // rows. Without preparation, a refresh costs several times as much until the next vacuum.
    [Fact(Explicit = true)]
    public async Task Refreshing_goes_on_while_a_million_sessions_are_pruned()
    {
        var node = NodeOn(await Database.MigratedAsync() + ";Max Auto Prepare=50", settings: ("Pruning:Pause", "00:00:00"));
        await SignIns.AddClientAsync(node);
        var tokens = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => SignIns.BeginAsync(node)));
        var watch = Stopwatch.StartNew();
        await node.DoAsync<AuthDbContext>(async context =>
        {
            await context.Database.OpenConnectionAsync();
            await ExpiredSessions.SeedAsync(context.Database.GetDbConnection(), Million, node.Clock.GetUtcNow().AddDays(-31));
            await context.Database.ExecuteSqlRawAsync("ANALYZE");
        });
        Tell($"seeded in {watch.Elapsed.TotalSeconds:0} s");

        await RefreshAsync(node, tokens, Task.Delay(TimeSpan.FromSeconds(3)));
        Tell($"before: {await RefreshAsync(node, tokens, Task.Delay(TimeSpan.FromSeconds(10)))}");
        var report = new PruneReport();
        watch.Restart();
        var run = node.DoAsync<PruningRun, bool>(pruning => pruning.RunAsync(report, CancellationToken.None));
        Tell($"during: {await RefreshAsync(node, tokens, run)}");

        Assert.True(await run);
        Tell($"{report} in {watch.Elapsed.TotalSeconds:0} s");
        Tell($"after:  {await RefreshAsync(node, tokens, Task.Delay(TimeSpan.FromSeconds(10)))}");
        Assert.Equal(Million, report.Sessions);
    }

    private static async Task<string> RefreshAsync(Node node, RefreshToken[] tokens, Task until)
    {
        var start = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, tokens.Length).Select(worker => Task.Run(async () =>
        {
            var took = new List<double>();
            while (!until.IsCompleted)
            {
                var begin = Stopwatch.GetTimestamp();
                var (outcome, successor) = await SignIns.RedeemAsync(node, tokens[worker], TimeSpan.Zero);
                took.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                Assert.Equal(Redeemed, outcome);
                tokens[worker] = successor;
            }

            return took;
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var sorted = all.SelectMany(took => took).Order().ToList();
        return $"{sorted.Count / seconds:0} refreshes/s, median {sorted[sorted.Count / 2]:0.0} ms, 99 % "
            + $"{sorted[sorted.Count * 99 / 100]:0.0} ms, longest {sorted[^1]:0.0} ms";
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}

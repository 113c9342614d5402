using System.Diagnostics;

namespace Prove;

/// <summary>
/// Nodes are killed at random moments and started again, and this signs nobody out. The killing goes on until it has cut off at
/// least one request; without that the experiment would prove nothing.
/// </summary>
internal static class Kill
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Findings findings, Store store, int nodes, int clients, int kills)
    {
        findings.Begin($"{store.Provider}, {nodes} node(s): at least {kills} SIGKILLs under {clients} clients that refresh");
        await using var site = await Site.StartAsync(store, nodes, AppSession.LongLeeway);
        var crowd = await Crowd.SignInAsync(site, findings, clients);
        using var end = new CancellationTokenSource();
        var staying = crowd.StayAsync(LongestPause, end.Token);

        // Each node has its own killer, so that at times all nodes are dead.
        var clock = Stopwatch.StartNew();
        var (done, restart) = (0, TimeSpan.Zero);
        await Task.WhenAll(site.Nodes.Select(async (node, index) =>
        {
            var chance = findings.Chance(-1 - index);
            while (clock.Elapsed < Limit && (Volatile.Read(ref done) < kills || crowd.Tally[Tally.CutOff] is 0))
            {
                await LiveAsync(crowd, chance.Next(clients));
                await Task.Delay(chance.NextDouble() * LongestDelay);
                await node.KillAsync();
                Interlocked.Increment(ref done);
                var start = Stopwatch.StartNew();
                await node.StartAsync();
                restart = start.Elapsed > restart ? start.Elapsed : restart;
            }
        }));

        var took = clock.Elapsed;
        await end.CancelAsync();
        await staying;
        var (slowest, waited) = (restart.TotalSeconds, crowd.LongestWait.TotalSeconds);
        FormattableString longest = $"slowest restart {slowest:0.0} s, longest that a client waited {waited:0.0} s";
        findings.Say($"{done} kills, {took.TotalSeconds:0} s, {crowd.Refreshes} refreshes; {longest}; attempts: {crowd.Tally}");
        findings.Claim(done >= kills, $"{kills} kills fit into {Limit.TotalMinutes:0} minutes");
        findings.Claim(crowd.Tally[Tally.CutOff] > 0, $"kills hit requests under way: {crowd.Tally[Tally.CutOff]} were cut off");
        await crowd.ClaimAllSignedInAsync(findings, store);
        site.ClaimNoFaults(findings);
    }

    /// <summary>
    /// Waits until this many refreshes have succeeded: on a slow machine a node would be killed again before it has done anything.
    /// </summary>
    private static async Task LiveAsync(Crowd crowd, int refreshes)
    {
        var enough = crowd.Refreshes + refreshes;
        for (var clock = Stopwatch.StartNew(); crowd.Refreshes < enough && clock.Elapsed < LongestLife;)
        {
            await Task.Delay(10);
        }
    }
}

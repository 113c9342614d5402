using System.Collections.Concurrent;
using System.Diagnostics;

namespace Prove;

/// <summary>
/// All grants and endpoints mixed for a long time, together with the server's background work: there is no error, and memory stays
/// level.
/// </summary>
internal static class Soak
{
    private const int Workers = 12;
    private const int MostTold = 5;

    /// <summary>
    /// The largest accepted ratio of the median resident memory in the last third of the time to that in the second third.
    /// </summary>
    private const double MostGrowth = 1.05;

    private static readonly TimeSpan Expired = TimeSpan.FromDays(31);
    private static readonly TimeSpan PruningLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <param name="findings">Receives the claims.</param>
    /// <param name="store">The database of the nodes.</param>
    /// <param name="length">How long the load lasts.</param>
    /// <param name="expired">The number of expired sign-ins that the pruning has to delete.</param>
    /// <param name="judgesMemory">False for a short run, which ends before memory is level.</param>
    public static async Task RunAsync(Findings findings, Store store, TimeSpan length, int expired, bool judgesMemory)
    {
        var seconds = length.TotalSeconds;
        findings.Begin(
            $"{store.Provider}, 2 nodes: mixed load for {seconds:0} s, new keys every 5 s, {expired} expired sign-ins to prune");
        await using var site = await Site.StartAsync(store, nodes: 2, [.. Site.RotatingKeys, ("Pruning:Interval", "00:00:02")]);
        await store.AddExpiredAsync(expired, TimeProvider.System.GetUtcNow() - Expired);
        var memories = site.Nodes.Select(node => Memory.Watch(node.ProcessId, TimeSpan.FromSeconds(1))).ToList();
        var tally = new Tally();
        var wrong = new ConcurrentQueue<string>();
        var clock = Stopwatch.StartNew();
        var (living, signedOut) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async index =>
        {
            var worker = new SoakWorker(site, findings.Chance(index), tally, wrong);
            await worker.SignInAsync();
            while (clock.Elapsed < length)
            {
                await worker.StepAsync();
                await Task.Delay(worker.Chance.NextDouble() * LongestPause);
            }

            Interlocked.Add(ref living, worker.Living);
            Interlocked.Add(ref signedOut, worker.SignedOut);
        }));

        foreach (var memory in memories)
        {
            await memory.StopAsync();
            var (first, second, third) = (memory.Third(0), memory.Third(1), memory.Third(2));
            findings.Say(
                $"memory: {first:0}, {second:0}, {third:0} MiB (medians of the thirds), {memory.Peak:0} MiB at most");
        }

        foreach (var story in wrong.Take(MostTold))
        {
            findings.Say($"wrong: {story}");
        }

        for (clock.Restart(); await store.AuthorizationsAsync() > living + signedOut && clock.Elapsed < PruningLimit;)
        {
            await Task.Delay(500);
        }

        var (authorizations, all, keys) =
            (await store.LivingAuthorizationsAsync(), await store.AuthorizationsAsync(), await store.KeysAsync());
        findings.Say($"{tally}");
        findings.Claim(wrong.IsEmpty, $"every answer is what it has to be ({wrong.Count} are not)");
        findings.Claim(
            authorizations == living,
            $"as many living authorizations as sign-ins that were not revoked: {authorizations} of {living}");
        findings.Claim(
            all == living + signedOut,
            $"what has expired is pruned, and nothing else: {all} authorizations of {living + signedOut} sign-ins are left");
        findings.Claim(keys > 6, $"keys were rotated: {keys} are kept");
        findings.Claim(site.Nodes.All(node => !node.HasExited), $"all nodes run");
        site.ClaimNoFaults(findings);
        if (judgesMemory)
        {
            var growth = memories.Max(memory => memory.Third(2) / memory.Third(1));
            findings.Claim(
                growth <= MostGrowth, $"memory is level: last third to second third at most {MostGrowth:0.00}, is {growth:0.000}");
        }
    }
}

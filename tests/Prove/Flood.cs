using System.Diagnostics;
using System.Net;

namespace Prove;

/// <summary>
/// Ten times as many sign-ins as the node can hash. The node answers as many as it can and refuses the rest with Retry-After. Its
/// memory does not grow, and signed-in users notice nothing. Throttling is off, so only the limit on concurrent hashes protects the
/// node.
/// </summary>
internal static class Flood
{
    private const int Times = 10;
    private const int Refreshing = 20;
    private const int MostUnderWay = 8000;

    /// <summary>In MiB.</summary>
    private const double MostMemory = 400;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Findings findings, Store store, TimeSpan length)
    {
        findings.Begin(
            $"{store.Provider}, 1 node, no throttling: {Times} times the capacity in password grants for {length.TotalSeconds:0} s");
        await using var site = await Site.StartAsync(store, nodes: 1);
        var node = site.Nodes[0];
        var refreshing = new Tally();
        var tokens = new string[Refreshing];
        for (var index = 0; index < Refreshing; index++)
        {
            tokens[index] = (await node.Client.SignInAsync()).Ok().RefreshToken!;
        }

        await RefreshAsync(findings, node, tokens, refreshing, new Latencies(), Calm);   // warm
        var capacity = await CapacityAsync(node);
        var calm = new Latencies();
        await RefreshAsync(findings, node, tokens, refreshing, calm, Calm);

        var memory = Memory.Watch(node.ProcessId, TimeSpan.FromMilliseconds(250));
        var signIns = new Tally();
        var (latencies, accepted) = (new Latencies(), new Latencies());
        var flood = FloodAsync(node, signIns, accepted, capacity * Times, length);
        await RefreshAsync(findings, node, tokens, refreshing, latencies, length);
        var (sent, held, took) = await flood;
        await memory.StopAsync();

        FormattableString load = $"{sent} sent in {length.TotalSeconds:0} s ({sent / length.TotalSeconds:0}/s), {held} more held back";
        findings.Say($"capacity {capacity:0} sign-ins/s; {load} at {MostUnderWay} under way: {signIns}");
        FormattableString times = $"p50 {latencies.Percentile(50):0} ms, p99 {latencies.Percentile(99):0} ms of {latencies.Count}";
        FormattableString before = $"without the flood {calm.Percentile(50):0} and {calm.Percentile(99):0} ms";
        findings.Say($"refreshes: {refreshing}; {times} ({before})");
        findings.Say($"memory: {memory.First:0} MiB before, {memory.Peak:0} MiB at most, {memory.Last:0} MiB at the end");
        findings.ClaimTime(
            sent >= capacity * Times * length.TotalSeconds * 0.8,
            $"the flood was large enough: {sent / length.TotalSeconds / capacity:0.0} times the capacity");
        findings.Claim(
            signIns.AllAre("200", "429 temporarily_unavailable, Retry-After", "503 temporarily_unavailable, Retry-After"),
            $"every sign-in is answered 200, or 429 or 503 with Retry-After");
        findings.ClaimTime(
            signIns["200"] > capacity * took.TotalSeconds / 4,
            $"sign-ins go on: {signIns["200"] / took.TotalSeconds:0}/s until the last answer after {took.TotalSeconds:0} s");
        findings.Claim(refreshing.AllAre("200"), $"every refresh is answered 200");
        findings.Claim(
            latencies.Percentile(50) < accepted.Percentile(50) / 4,
            $"a refresh does not wait with the sign-ins: it takes {latencies.Percentile(50):0} ms, a sign-in {accepted.Percentile(50):0} ms");
        findings.ClaimTime(latencies.Percentile(99) < 1000, $"p99 of the refreshes is below 1 s: {latencies.Percentile(99):0} ms");
        findings.Claim(memory.Peak <= MostMemory, $"memory stays below {MostMemory:0} MiB: {memory.Peak:0} MiB");
        site.ClaimNoFaults(findings);
    }

    private static async Task<double> CapacityAsync(Node node)
    {
        const int AtOnce = 4;
        const int Count = 150;
        var left = Count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                (await node.Client.SignInAsync()).Ok();
            }
        }));
        return Count / clock.Elapsed.TotalSeconds;
    }

    /// <returns>How many requests were sent, how many were held back because too many were under way, and when all were
    /// answered.</returns>
    private static async Task<(int Sent, int Held, TimeSpan Took)> FloodAsync(
        Node node, Tally tally, Latencies accepted, double perSecond, TimeSpan length)
    {
        var (sent, held, underWay) = (0, 0, 0);
        var all = new List<Task>();
        using var timer = new PeriodicTimer(Tick);
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < length; await timer.WaitForNextTickAsync())
        {
            for (var due = (int)(perSecond * clock.Elapsed.TotalSeconds); sent + held < due;)
            {
                if (Volatile.Read(ref underWay) < MostUnderWay)
                {
                    Interlocked.Increment(ref underWay);
                    sent++;
                    all.Add(SendAsync());
                }
                else
                {
                    held++;
                }
            }
        }

        await Task.WhenAll(all);
        return (sent, held, clock.Elapsed);

        async Task SendAsync()
        {
            var clock = Stopwatch.StartNew();
            var (answer, _) = await tally.SendAsync(() => node.Client.SignInAsync(stay: false));
            if (answer is { Status: HttpStatusCode.OK })
            {
                accepted.Add(clock.Elapsed);
            }

            Interlocked.Decrement(ref underWay);
        }
    }

    /// <param name="tokens">The last refresh token of each session; replaced by their successors.</param>
    private static async Task RefreshAsync(Findings findings, Node node, string[] tokens, Tally tally, Latencies latencies, TimeSpan length)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, tokens.Length).Select(async index =>
        {
            for (var chance = findings.Chance(index); clock.Elapsed < length; await Task.Delay(chance.NextDouble() * LongestPause))
            {
                var (answer, _) = await latencies.MeasureAsync(() => tally.SendAsync(() => node.Client.RefreshAsync(tokens[index])));
                tokens[index] = answer is { Status: HttpStatusCode.OK } ? answer.RefreshToken! : tokens[index];
            }
        }));
    }
}

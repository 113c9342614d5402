using System.Diagnostics;
using System.Net;
using Rig;

namespace Prove;

/// <summary>
/// The database is gone for a while under load, as after a crash, and comes back. Meanwhile the server tells clients to wait;
/// afterwards they continue, and nobody is signed out.
/// </summary>
internal static class Outage
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(Findings findings, Store store, int nodes, int clients, TimeSpan length)
    {
        findings.Begin(
            $"{store.Provider}, {nodes} node(s): {store.Outage} {length.TotalSeconds:0} s later, under {clients} clients that refresh");
        await using var site = await Site.StartAsync(store, nodes, AppSession.LongLeeway);
        var token = (await site.Nodes[0].Client.SignInAsync()).Ok().AccessToken!;
        var crowd = await Crowd.SignInAsync(site, findings, clients);
        using var end = new CancellationTokenSource();
        var staying = crowd.StayAsync(LongestPause, end.Token);
        await Task.Delay(Before);

        await store.GoAsync();
        var probes = await ProbeAsync(site, token, length);
        var clock = Stopwatch.StartNew();
        await store.ComeBackAsync();
        var database = clock.Elapsed;
        var ready = await ReadyAsync(site, clock);
        await Task.Delay(Before);
        await end.CancelAsync();
        await staying;

        var (waited, answered) = (crowd.LongestWait.TotalSeconds, crowd.Tally.Longest.TotalSeconds);
        FormattableString longest = $"longest that a client waited {waited:0.0} s, longest answer {answered:0.0} s";
        findings.Say($"{crowd.Refreshes} refreshes, {longest}; refreshing clients saw: {crowd.Tally}");
        findings.Say($"probes of each node while it was gone, longest answer {probes.Longest.TotalSeconds:0.0} s: {probes}");
        FormattableString recovery =
            $"it answered after {database.TotalSeconds:0.0} s, all nodes were ready after {ready.TotalSeconds:0.0} s";
        findings.Say($"after the start or promotion of PostgreSQL: {recovery}");
        var rule = "refresh, sign-in and introspection are 503 with Retry-After, ready is 503, live and JWKS are 200";
        findings.Claim(probes.Wrong is 0, $"meanwhile {rule} ({probes.Wrong} of {probes.Total} were not)");
        findings.Claim(
            crowd.Tally.AllAre("200", "503 temporarily_unavailable, Retry-After"),
            $"refreshing clients saw nothing but 200 and 503 with Retry-After, before, meanwhile and after");
        findings.Claim(site.Nodes.All(node => !node.HasExited), $"all nodes recover without a restart");
        findings.ClaimTime(ready < Recovery, $"they do so within {Recovery.TotalSeconds:0} s");
        await crowd.ClaimAllSignedInAsync(findings, store, others: 1);
        site.ClaimNoFaults(findings);
    }

    private static async Task<Probes> ProbeAsync(Site site, string token, TimeSpan length)
    {
        var probes = new Probes();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < length; await Task.Delay(ProbeInterval))
        {
            await Task.WhenAll(site.Nodes.Select(async node =>
            {
                await Task.WhenAll(
                    probes.SendAsync("sign-in", () => node.Client.SignInAsync()),
                    probes.SendAsync("introspection", () => node.Client.IntrospectAsync(token)),
                    probes.GetAsync("ready", node, "health/ready", HttpStatusCode.ServiceUnavailable),
                    probes.GetAsync("live", node, "health/live", HttpStatusCode.OK),
                    probes.GetAsync("JWKS", node, ".well-known/jwks", HttpStatusCode.OK));
            }));
        }

        return probes;
    }

    private static async Task<TimeSpan> ReadyAsync(Site site, Stopwatch clock)
    {
        while (clock.Elapsed < 4 * Recovery)
        {
            if ((await Task.WhenAll(site.Nodes.Select(node => node.IsReadyAsync()))).All(isReady => isReady))
            {
                break;
            }

            await Task.Delay(ProbeInterval / 3);
        }

        return clock.Elapsed;
    }

    /// <summary>The requests while the database was gone, and those of them that had a wrong answer.</summary>
    private sealed class Probes
    {
        private readonly Tally tally = new();
        private int total;
        private int wrong;

        public TimeSpan Longest => tally.Longest;

        public int Total => total;

        public int Wrong => wrong;

        public async Task SendAsync(string name, Func<Task<TokenAnswer>> send)
        {
            var one = new Tally();
            var (answer, outcome) = await one.SendAsync(send);
            tally.Took(one.Longest);
            Count($"{name} {outcome}", answer is { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: not null });
        }

        public async Task GetAsync(string name, Node node, string path, HttpStatusCode expected)
        {
            var clock = Stopwatch.StartNew();
            var status = await node.Client.GetAsync(path);
            tally.Took(clock.Elapsed);
            Count($"{name} {(int)status}", status == expected);
        }

        public override string ToString() => tally.ToString();

        private void Count(string outcome, bool isRight)
        {
            tally.Add(outcome);
            Interlocked.Increment(ref total);
            if (!isRight)
            {
                Interlocked.Increment(ref wrong);
            }
        }
    }
}

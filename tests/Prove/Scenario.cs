using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace Prove;

/// <summary>A scenario of <c>./build.sh prove</c>: experiments of one kind, full or short.</summary>
internal sealed record Scenario(string Name, Func<Findings, bool, Task> Run)
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("race", async (findings, isShort) =>
        {
            var rounds = isShort ? 20 : 200;
            foreach (var leeway in new[] { true, false })
            {
                await OnPostgresAsync(store => Race.RunAsync(findings, store, nodes: 2, rounds, leeway));
                await OnSqliteAsync(store => Race.RunAsync(findings, store, nodes: 1, rounds, leeway));
            }

            await OnPostgresAsync(store => Race.RunAsync(findings, store, nodes: 2, rounds, leeway: true, keysRotate: true));
        }),
        new("kill", async (findings, isShort) =>
        {
            await OnPostgresAsync(store => Kill.RunAsync(findings, store, nodes: 2, clients: isShort ? 50 : 200, kills: isShort ? 6 : 100));
            await OnSqliteAsync(store => Kill.RunAsync(findings, store, nodes: 1, clients: isShort ? 20 : 50, kills: isShort ? 3 : 50));
        }),
        new("audit", (findings, isShort) => OnPostgresAsync(
            store => AuditKill.RunAsync(findings, store, nodes: 2, clients: isShort ? 8 : 20, kills: isShort ? 6 : 100))),
        new("outage", (findings, isShort) => OnPostgresAsync(
            store => Outage.RunAsync(findings, store, nodes: 2, clients: isShort ? 30 : 100, TimeSpan.FromSeconds(isShort ? 3 : 10)),
            durable: true)),
        new("failover", async (findings, isShort) =>
        {
            await using var store = await Store.PostgresWithStandbyAsync();
            await Outage.RunAsync(findings, store, nodes: 2, clients: 50, TimeSpan.FromSeconds(isShort ? 3 : 10));
        }),
        new("flood", (findings, isShort) => OnPostgresAsync(
            store => Flood.RunAsync(findings, store, TimeSpan.FromSeconds(isShort ? 4 : 30)))),
        new("soak", (findings, isShort) => OnPostgresAsync(
            store => Soak.RunAsync(
                findings, store, TimeSpan.FromSeconds(isShort ? 8 : 600), expired: isShort ? 2_000 : 100_000, judgesMemory: !isShort))),
    ];

    /// <returns>True if every claim holds.</returns>
    public async Task<bool> RunAsync(int seed, bool isShort)
    {
        Console.WriteLine();
        Console.WriteLine(Name);
        var findings = new Findings(seed, output: Console.Out);
        var clock = Stopwatch.StartNew();
        try
        {
            await Run(findings, isShort);
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or TimeoutException
            or IOException or DbException or OperationCanceledException)
        {
            findings.Claim(false, $"the experiment ran to its end: {exception}");
        }

        var verdict = findings.Hold ? "every claim holds" : $"{findings.Broken.Count} CLAIMS DO NOT HOLD";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Name}: {verdict} ({clock.Elapsed.TotalSeconds:0} s)"));
        return findings.Hold;
    }

    private static async Task OnPostgresAsync(Func<Store, Task> experiment, bool durable = false)
    {
        await using var store = await Store.PostgresAsync(durable);
        await experiment(store);
    }

    private static async Task OnSqliteAsync(Func<Store, Task> experiment)
    {
        await using var store = Store.Sqlite();
        await experiment(store);
    }
}

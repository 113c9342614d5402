using System.Globalization;
using Rig;

namespace Bench;

/// <summary>AuthServer beside the stock server: alternating rounds, and the median of each figure.</summary>
internal static class Comparison
{
    private const int Connections = 16;

    /// <summary>Of AuthServer, in MiB.</summary>
    private const double MostMemory = 220;

    public static async Task<bool> RunAsync(Database database, IReadOnlyList<Scenario> scenarios, int rounds)
    {
        await using var cluster = database is Database.Postgres ? await PostgresCluster.StartAsync(durable: true) : null;
        await using var ours = await Subject.StartAuthServerAsync(cluster);
        await using var stock = await Subject.StartStockAsync(cluster);
        Console.WriteLine();
        Console.WriteLine($"{database}: {rounds} rounds, {Connections} connections; CPU of server and database, medians");
        Console.WriteLine($"{"scenario",-20} {"server",-12} {"CPU ms",8} {"req/s",8} {"p50 ms",8} {"p99 ms",8} {"ratio",8} {"target",8}");
        var met = true;
        foreach (var scenario in scenarios)
        {
            Subject[] subjects = [ours, stock];
            var begun = new Func<Task>[2][];
            for (var index = 0; index < 2; index++)
            {
                begun[index] = await Load.BeginAsync(subjects[index], scenario, Connections);
                await Load.RunAsync(subjects[index], begun[index], scenario.WarmUp);
            }

            var measures = new[] { new List<Measure>(), new List<Measure>() };
            for (var round = 0; round < rounds; round++)
            {
                for (var index = 0; index < 2; index++)
                {
                    measures[index].Add(await Load.RunAsync(subjects[index], begun[index], scenario.Requests));
                }
            }

            var (mine, theirs) = (Measure.Median(measures[0]), Measure.Median(measures[1]));
            var ratio = mine.Cpu / theirs.Cpu;
            var target = database is Database.Postgres ? scenario.Target : null;
            met &= target is null || ratio <= target;
            Print(scenario.Name, ours.Name, mine, ratio, target);
            Print("", stock.Name, theirs, null, null);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"memory at most: {ours.Name} {ours.PeakMiB:0} MiB (target {MostMemory:0}), {stock.Name} {stock.PeakMiB:0} MiB"));
        return met && ours.PeakMiB <= MostMemory;
    }

    private static void Print(string scenario, string server, Measure measure, double? ratio, double? target) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario,-20} {server,-12} {measure.Cpu,8:0.00} {measure.PerSecond,8:0} {measure.P50,8:0.0} {measure.P99,8:0.0} {ratio,8:0.000} {target,8:0.00}"));
}

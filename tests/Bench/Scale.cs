using System.Globalization;
using Rig;

namespace Bench;

/// <summary>Refreshes at few and at many connections: what a request costs must not grow with how many ask.</summary>
internal static class Scale
{
    public const string Name = "scale";

    private const int Few = 64;
    private const int Many = 512;
    private const double Target = 1.2;

    // Stock takes a minute for a thousand.
    private static readonly Scenario Ours = Scenario.Refresh with { WarmUp = 3000, Requests = 3000 };
    private static readonly Scenario Theirs = Scenario.Refresh with { WarmUp = 1000, Requests = 1000 };

    public static async Task<bool> RunAsync(int rounds)
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        Console.WriteLine();
        Console.WriteLine($"refresh at {Few} and {Many} connections, Postgres: {rounds} rounds; CPU of server and database, medians");
        Console.WriteLine($"{"connections",-20} {"server",-12} {"CPU ms",8} {"req/s",8} {"p50 ms",8} {"p99 ms",8} {"ratio",8} {"target",8}");
        double ratio;
        await using (var ours = await Subject.StartAuthServerAsync(cluster))
        {
            ratio = await RunAsync(ours, Ours, rounds, Target);
        }

        await using (var stock = await Subject.StartStockAsync(cluster))
        {
            await RunAsync(stock, Theirs, Math.Min(rounds, 3), target: null);
        }

        return ratio <= Target;
    }

    private static async Task<double> RunAsync(Subject subject, Scenario scenario, int rounds, double? target)
    {
        var few = await Load.BeginAsync(subject, scenario, Few);
        var many = await Load.BeginAsync(subject, scenario, Many);
        await Load.RunAsync(subject, few, scenario.WarmUp);
        await Load.RunAsync(subject, many, scenario.WarmUp);
        var (ofFew, ofMany) = (new List<Measure>(), new List<Measure>());
        for (var round = 0; round < rounds; round++)
        {
            ofFew.Add(await Load.RunAsync(subject, few, scenario.Requests));
            ofMany.Add(await Load.RunAsync(subject, many, scenario.Requests));
        }

        var (atFew, atMany) = (Measure.Median(ofFew), Measure.Median(ofMany));
        var ratio = atMany.Cpu / atFew.Cpu;
        Print(Few, subject, atFew, null, null);
        Print(Many, subject, atMany, ratio, target);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-20} {subject.Name,-12} memory at most {subject.PeakMiB:0} MiB"));
        return ratio;
    }

    private static void Print(int connections, Subject subject, Measure measure, double? ratio, double? target) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{connections,-20} {subject.Name,-12} {measure.Cpu,8:0.00} {measure.PerSecond,8:0} {measure.P50,8:0.0} {measure.P99,8:0.0} {ratio,8:0.000} {target,8:0.00}"));
}

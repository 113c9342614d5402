using System.Globalization;
using Rig;

namespace Bench;

/// <summary>Refreshes at few and at many connections: the cost of a request must not grow with the number of connections.</summary>
internal static class Scale
{
    public const string Name = "scale";

    private const int Few = 64;
    private const int Many = 512;
    private const double Target = 1.2;

    // The stock server takes a minute for a thousand requests.
    private static readonly Scenario Ours = Scenario.Refresh with { WarmUp = 4000, Requests = 3000 };
    private static readonly Scenario Theirs = Scenario.Refresh with { WarmUp = 1000, Requests = 1000 };

    public static async Task<bool> RunAsync(int rounds)
    {
        await using var cluster = await PostgresCluster.StartAsync(durable: true);
        Table.Head($"refresh at {Few} and {Many} connections, Postgres: {rounds} rounds", "connections");
        double ratio;
        await using (var ours = await Subject.StartAuthServerAsync(cluster))
        {
            ratio = await RunAsync(ours, Ours, rounds, Target);
        }

        await using var stock = await Subject.StartStockAsync(cluster);
        await RunAsync(stock, Theirs, Math.Min(rounds, 3), target: null);
        return ratio <= Target;
    }

    private static async Task<double> RunAsync(Subject subject, Scenario scenario, int rounds, double? target)
    {
        var measures = await Load.AlternateAsync(
            rounds, await Load.BeginAsync(subject, scenario, Few), await Load.BeginAsync(subject, scenario, Many));
        var ratio = measures[1].Cpu / measures[0].Cpu;
        Table.Row(Few.ToString(CultureInfo.InvariantCulture), subject, measures[0]);
        Table.Row(Many.ToString(CultureInfo.InvariantCulture), subject, measures[1], ratio, target);
        Table.Say($"memory at most: {subject.Name} {subject.PeakMiB:0} MiB");
        return ratio;
    }
}

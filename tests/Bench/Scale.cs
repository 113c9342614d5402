using System.Globalization;

namespace Bench;

/// <summary>Refreshes at few and at many connections: the cost of a request must not grow with the number of connections.</summary>
internal static class Scale
{
    public const string Name = "scale";

    private const int Few = 64;
    private const int Many = 512;
    private const double Target = 1.2;

    private const int WarmUp = 4000;
    private const int Requests = 3000;

    // The stock server takes a minute for a thousand requests, so these are also its warm-up.
    private const int StockRequests = 1000;

    public static async Task<bool> RunAsync(int rounds)
    {
        Table.Head($"refresh at {Few} and {Many} connections, Postgres: {rounds} rounds", "connections");
        var ratio = await RunAsync(Server.AuthServer, WarmUp, Requests, rounds, Target);
        await RunAsync(Server.Stock, StockRequests, StockRequests, Math.Min(rounds, 3), target: null);
        return ratio <= Target;
    }

    private static async Task<double> RunAsync(Server server, int warmUp, int requests, int rounds, double? target)
    {
        await using var subject = await Subject.StartAsync(server, Database.Postgres);
        var measures = await Load.AlternateAsync(
            rounds, requests,
            await Load.BeginWarmAsync(subject, Scenario.Refresh, Few, warmUp),
            await Load.BeginWarmAsync(subject, Scenario.Refresh, Many, warmUp));
        var ratio = measures[1].Cpu / measures[0].Cpu;
        Table.Row(Few.ToString(CultureInfo.InvariantCulture), subject, measures[0]);
        Table.Row(Many.ToString(CultureInfo.InvariantCulture), subject, measures[1], ratio, target);
        Table.Say($"memory at most: {subject.Name} {subject.PeakMiB:0} MiB");
        return ratio;
    }
}

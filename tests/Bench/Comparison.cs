namespace Bench;

/// <summary>Compares AuthServer with the stock server in alternating rounds, by the median of each figure.</summary>
internal static class Comparison
{
    private const int Connections = 16;

    /// <summary>The memory that AuthServer may use at most, in MiB.</summary>
    private const double MostMemory = 220;

    public static async Task<bool> RunAsync(Database database, IReadOnlyList<Scenario> scenarios, int rounds)
    {
        // A cluster for each server: PostgreSQL works on after the requests of one (checkpoints, vacuum), and the other must not
        // pay for it.
        await using var oursCluster = await Subject.ClusterAsync(database);
        await using var stockCluster = await Subject.ClusterAsync(database);
        await using var ours = await Subject.StartAuthServerAsync(oursCluster);
        await using var stock = await Subject.StartStockAsync(stockCluster);
        Table.Head($"{database}: {rounds} rounds, {Connections} connections", "scenario");
        var met = true;
        foreach (var scenario in scenarios)
        {
            var measures = await Load.AlternateAsync(
                rounds, await Load.BeginAsync(ours, scenario, Connections), await Load.BeginAsync(stock, scenario, Connections));
            var ratio = measures[0].Cpu / measures[1].Cpu;
            var target = database is Database.Postgres ? scenario.Target : null;
            met &= target is null || ratio <= target;
            Table.Row(scenario.Name, ours, measures[0], ratio, target);
            Table.Row("", stock, measures[1]);
        }

        Table.Say($"memory at most: {ours.Name} {ours.PeakMiB:0} MiB (target {MostMemory:0}), {stock.Name} {stock.PeakMiB:0} MiB");
        return met && ours.PeakMiB <= MostMemory;
    }
}

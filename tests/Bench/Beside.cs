namespace Bench;

/// <summary>Compares AuthServer with another build of it, both warm, in alternating rounds: what did a change cost?</summary>
internal static class Beside
{
    private const int Connections = 16;

    /// <summary>The largest accepted share of the other build's CPU time.</summary>
    private const double Target = 1.03;

    /// <param name="published">The folder of the other build, made by <c>dotnet publish</c>.</param>
    public static async Task<bool> RunAsync(Database database, string published, IReadOnlyList<Scenario> scenarios, int rounds)
    {
        await using var ours = await Subject.StartAsync(Server.AuthServer, database);
        await using var other = await Subject.StartAsync(Server.Published("Beside", published), database);
        Table.Head($"{database}, warm: {rounds} rounds, {Connections} connections, beside {published}", "scenario");
        var met = true;
        foreach (var scenario in scenarios)
        {
            var measures = await Load.AlternateAsync(
                rounds, scenario.Requests,
                await Load.BeginWarmAsync(ours, scenario, Connections, scenario.WarmUp),
                await Load.BeginWarmAsync(other, scenario, Connections, scenario.WarmUp));
            var ratio = measures[0].Cpu / measures[1].Cpu;
            Table.Row(scenario.Name, ours, measures[0], ratio, Target);
            Table.Row("", other, measures[1]);
            met &= ratio <= Target;
        }

        return met;
    }
}

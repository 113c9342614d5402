using System.Globalization;

namespace Bench;

/// <summary>
/// Compares refreshes on a database of many sign-ins with refreshes on a small one: the cost of a request must not grow with the
/// tables.
/// </summary>
internal static class Rows
{
    public const string Name = "rows";

    private const int Connections = 16;
    private const int Few = 1_000;
    private const double Target = 1.05;

    private const int WarmUp = 8000;
    private const int Requests = 3000;

    public static async Task<bool> RunAsync(int rounds, int many)
    {
        await using var small = await Subject.StartAsync(Server.AuthServer, Database.Postgres);
        await using var large = await Subject.StartAsync(Server.AuthServer, Database.Postgres);
        Table.Head(
            $"refresh with {Few:N0} and {many:N0} sign-ins in the tables, Postgres: {rounds} rounds, {Connections} connections",
            "sign-ins");
        var measures = await Load.AlternateAsync(rounds, Requests, await BeginAsync(small, Few), await BeginAsync(large, many));
        var ratio = measures[1].Cpu / measures[0].Cpu;
        Table.Row(Few.ToString("N0", CultureInfo.InvariantCulture), small, measures[0]);
        Table.Row(many.ToString("N0", CultureInfo.InvariantCulture), large, measures[1], ratio, Target);
        return ratio <= Target;
    }

    private static async Task<Load> BeginAsync(Subject subject, int signIns)
    {
        (await subject.Client.SignInAsync()).Ok();
        await Seeding.CopySignInAsync(subject.ConnectionString, signIns);
        return await Load.BeginWarmAsync(subject, Scenario.Refresh, Connections, WarmUp);
    }
}

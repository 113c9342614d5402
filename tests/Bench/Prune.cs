using Npgsql;
using Rig;

namespace Bench;

/// <summary>Refreshes and introspections while expired sign-ins are deleted, each with four rows. Requests must stay fast.</summary>
internal static class Prune
{
    public const string Name = "prune";

    private const int Connections = 16;

    /// <summary>
    /// The largest accepted ratio of the requests per second before to those during the pruning, on a machine that does both.
    /// </summary>
    private const double Target = 2;

    private const int Requests = 1000;

    private static readonly TimeSpan Expired = TimeSpan.FromDays(31);

    public static async Task<bool> RunAsync(int rounds, int signIns)
    {
        await using var subject = await Subject.StartAsync(Server.AuthServer, Database.Postgres, ("Pruning:Enabled", "false"));
        var meaning = "the ratio is that of requests a second";
        Table.Head(
            $"while {signIns:N0} expired sign-ins are pruned, Postgres: {Connections} connections each; {meaning}", "what, when");
        Scenario[] scenarios = [Scenario.Refresh, Scenario.Introspection];
        Load[] loads =
        [
            await Load.BeginWarmAsync(subject, scenarios[0], Connections, scenarios[0].WarmUp),
            await Load.BeginWarmAsync(subject, scenarios[1], Connections, scenarios[1].WarmUp),
        ];
        await SeedAsync(subject, signIns);
        var before = await Load.AlternateAsync(rounds, Requests, loads);
        var prune = subject.CommandAsync("prune");
        var meanwhile = await Load.AlternateWhileAsync(_ => !prune.IsCompleted, Requests, loads);
        await prune;
        var met = true;
        foreach (var (scenario, index) in scenarios.Select((scenario, index) => (scenario, index)))
        {
            var ratio = before[index].PerSecond / meanwhile[index].PerSecond;
            Table.Row($"{scenario.Name}, before", subject, before[index]);
            Table.Row("meanwhile", subject, meanwhile[index], ratio, Target);
            met &= ratio <= Target;
        }

        return met;
    }

    private static async Task SeedAsync(Subject subject, int signIns)
    {
        await using var connection = new NpgsqlConnection($"{subject.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await ExpiredSessions.SeedAsync(connection, signIns, TimeProvider.System.GetUtcNow() - Expired);
        await using var tidy = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 0 };
        await tidy.ExecuteNonQueryAsync();
    }
}

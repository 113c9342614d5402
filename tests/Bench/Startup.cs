using System.Diagnostics;

namespace Bench;

/// <summary>
/// Starts a server on a database that already has its schema, keys and users, as every start in production but the first.
/// Measures the time until it is ready, the time until its first token, and its memory then.
/// </summary>
internal static class Startup
{
    public const string Name = "startup";

    private const double ReadyTarget = 500;
    private const double ResidentTarget = 120;

    public static async Task<bool> RunAsync(IReadOnlyList<Database> databases, IReadOnlyList<Server> servers, int starts)
    {
        Console.WriteLine();
        Table.Say($"{Name}: {starts} starts, medians; targets {ReadyTarget} ms until ready, {ResidentTarget} MiB after the first token");
        Table.Say($"{"database",-10} {"server",-12} {"ready ms",10} {"CPU ms",10} {"MiB",10} {"token ms",10} {"CPU ms",10} {"MiB",10}");
        var met = true;
        foreach (var database in databases)
        {
            foreach (var server in servers)
            {
                var median = await MedianAsync(server, database, starts);
                Table.Say(
                    $"{database,-10} {server.Name,-12} {median.Ready,10:0} {median.ReadyCpu,10:0} {median.ReadyMiB,10:0} "
                    + $"{median.Token,10:0} {median.TokenCpu,10:0} {median.TokenMiB,10:0}");
                met &= server != Server.AuthServer || (median.Ready <= ReadyTarget && median.TokenMiB <= ResidentTarget);
            }
        }

        return met;
    }

    // Times are in milliseconds since the start of the process.
    private sealed record Start(double Ready, double ReadyCpu, double ReadyMiB, double Token, double TokenCpu, double TokenMiB);

    private static async Task<Start> MedianAsync(Server server, Database database, int starts)
    {
        await using var subject = await Subject.StartAsync(server, database);
        var all = new List<Start>();
        for (var i = 0; i < starts; i++)
        {
            var ready = await subject.RestartAsync();
            var (readyCpu, readyMiB, clock) = (subject.ServerCpu, subject.ResidentMiB, Stopwatch.StartNew());
            await subject.SignInAsync();
            all.Add(new Start(
                ready.TotalMilliseconds, readyCpu.TotalMilliseconds, readyMiB,
                (ready + clock.Elapsed).TotalMilliseconds, subject.ServerCpu.TotalMilliseconds, subject.ResidentMiB));
        }

        return new Start(
            Measure.Median(all.Select(start => start.Ready)),
            Measure.Median(all.Select(start => start.ReadyCpu)),
            Measure.Median(all.Select(start => start.ReadyMiB)),
            Measure.Median(all.Select(start => start.Token)),
            Measure.Median(all.Select(start => start.TokenCpu)),
            Measure.Median(all.Select(start => start.TokenMiB)));
    }
}

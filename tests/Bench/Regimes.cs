namespace Bench;

/// <summary>
/// Measures the cost of a request in three times of a server's life: cold, while it warms up, and warm. Compares AuthServer with its peer
/// and the other servers. The servers take turns, so that other work of the machine affects all of them alike.
/// </summary>
internal static class Regimes
{
    private const int Connections = 16;

    /// <summary>The pace of a small site's users.</summary>
    private const double PacePerSecond = 10;

    /// <summary>A server is warm when so small a share separates the costs of two turns.</summary>
    private const double Steady = 0.03;

    private const int MostTurns = 8;

    /// <summary>The warm cost is the median of so many turns.</summary>
    private const int LastTurns = 3;

    /// <summary>AuthServer costs at most this share of the peer when warm; before that, no more than the peer.</summary>
    private const double WarmTarget = 0.5;

    private const double ColdTarget = 1;

    public static async Task<bool> RunAsync(
        Database database, IReadOnlyList<Server> servers, IReadOnlyList<Scenario> scenarios, int rounds, bool isToTheEnd)
    {
        var met = true;
        foreach (var scenario in scenarios)
        {
            var lives = new List<Life>();
            try
            {
                foreach (var server in servers.Where(server => server.HasClients || !scenario.NeedsClients))
                {
                    lives.Add(await Life.BeginAsync(server, database, scenario, Connections));
                }

                met &= Report(scenario, database, await MeasureAsync(lives, scenario, rounds, isToTheEnd), lives);
            }
            finally
            {
                foreach (var life in lives)
                {
                    await life.DisposeAsync();
                }
            }
        }

        return met;
    }

    private static async Task<List<Figures>> MeasureAsync(List<Life> lives, Scenario scenario, int rounds, bool isToTheEnd)
    {
        // At this pace the servers hardly work: they can be measured at the same time.
        await Task.WhenAll(lives.Select(life => life.Subject.RestartAsync()));
        var paced = await Task.WhenAll(lives.Select(life => life.Load.PaceAsync(scenario.Cold, PacePerSecond)));

        var (cold, warming) = (Lists(lives), Lists(lives));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (life, index) in lives.Select((life, index) => (life, index)))
            {
                await life.Subject.RestartAsync();
                cold[index].Add(await life.Load.RunAsync(scenario.Cold));
                warming[index].Add(await life.Load.RunAsync(scenario.Warming - scenario.Cold));
            }
        }

        var warm = Lists(lives);
        for (var turn = 0; isToTheEnd && turn < MostTurns && !warm.All(turns => SteadyAfter(turns) is not null); turn++)
        {
            foreach (var (life, index) in lives.Select((life, index) => (life, index)))
            {
                warm[index].Add(await life.Load.RunAsync(scenario.Requests));
            }
        }

        return [.. lives.Select((_, index) => new Figures(
            paced[index],
            Measure.Median(cold[index]),
            Measure.Median(warming[index]),
            warm[index].Count is 0 ? null : Measure.Median(warm[index].TakeLast(LastTurns).ToList()),
            SteadyAfter(warm[index]) is { } turns
                ? $"{scenario.Warming + (turns * scenario.Requests)}"
                : $">{scenario.Warming + (warm[index].Count * scenario.Requests)}"))];
    }

    // The number of turns after which the server was warm; null if it is not yet.
    private static int? SteadyAfter(List<Measure> turns) => Enumerable.Range(1, Math.Max(0, turns.Count - 1))
        .Where(turn => Math.Abs(turns[turn].Cpu - turns[turn - 1].Cpu) < Steady * turns[turn - 1].Cpu)
        .Select(turn => (int?)(turn + 1)).FirstOrDefault();

    private static List<Measure>[] Lists(List<Life> lives) => [.. lives.Select(_ => new List<Measure>())];

    private static bool Report(Scenario scenario, Database database, List<Figures> all, List<Life> lives)
    {
        Console.WriteLine();
        Table.Say($"{scenario.Name}, {database}: CPU ms of server and database a request");
        Table.Say(
            $"{"",-12} {"cold, " + PacePerSecond + "/s",11} {"p50 ms",8} {"p99 ms",8} {"cold",8} {"warming",8} "
            + $"{"warm",8} {"p99 ms",8} {"switches",8} {"after",8} {"MiB",6}");
        foreach (var (figures, life) in all.Zip(lives))
        {
            var (paced, cold, warming, warm, requests) = figures;
            Table.Say(
                $"{life.Subject.Name,-12} {paced.Cpu,11:0.00} {paced.P50,8:0.0} {paced.P99,8:0.0} {cold.Cpu,8:0.00} {warming.Cpu,8:0.00} "
                + $"{warm?.Cpu,8:0.00} {warm?.P99,8:0.0} {warm?.Switches,8:0.0} "
                + $"{(warm is null ? null : requests),8} {life.Subject.PeakMiB,6:0}");
        }

        var met = true;
        foreach (var (other, life) in all.Zip(lives).Skip(1))
        {
            var ratios = all[0].Ratios(other);
            Table.Say(
                $"{"to " + life.Subject.Name,-12} {ratios[0],11:0.00} {"",8} {"",8} {ratios[1],8:0.00} "
                + $"{ratios[2],8:0.00} {ratios[3],8:0.00}");
            met &= life.Subject.Name != Server.Peer.Name
                || (ratios[..3].All(ratio => ratio <= ColdTarget) && !(ratios[3] > WarmTarget));
        }

        return met;
    }

    /// <summary>A server and the clients that use it.</summary>
    private sealed record Life(Subject Subject, Load Load) : IAsyncDisposable
    {
        public static async Task<Life> BeginAsync(Server server, Database database, Scenario scenario, int connections)
        {
            var subject = await Subject.StartAsync(server, database);
            return new Life(subject, await Load.BeginAsync(subject, scenario, connections));
        }

        public ValueTask DisposeAsync() => Subject.DisposeAsync();
    }

    private sealed record Figures(Measure Paced, Measure Cold, Measure Warming, Measure? Warm, string Requests)
    {
        public double?[] Ratios(Figures other) =>
        [
            Paced.Cpu / other.Paced.Cpu, Cold.Cpu / other.Cold.Cpu, Warming.Cpu / other.Warming.Cpu, Warm?.Cpu / other.Warm?.Cpu,
        ];
    }
}

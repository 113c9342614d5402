using System.Diagnostics;

namespace Bench;

/// <summary>Many concurrent clients of one server, each with its own tokens.</summary>
internal sealed class Load
{
    private const int Beginners = 4;

    private readonly Subject subject;
    private readonly Func<Task>[] clients;

    private Load(Subject subject, Func<Task>[] clients) => (this.subject, this.clients) = (subject, clients);

    /// <summary>Prepares the clients. Their tokens stay good when the server is started again.</summary>
    public static async Task<Load> BeginAsync(Subject subject, Scenario scenario, int connections)
    {
        var clients = new Func<Task>[connections];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, connections),
            new ParallelOptions { MaxDegreeOfParallelism = Beginners },
            async (index, _) => clients[index] = await scenario.Begin(subject));
        return new Load(subject, clients);
    }

    /// <summary>A load whose server has answered <paramref name="warmUp"/> requests already.</summary>
    public static async Task<Load> BeginWarmAsync(Subject subject, Scenario scenario, int connections, int warmUp)
    {
        var load = await BeginAsync(subject, scenario, connections);
        await load.RunAsync(warmUp);
        return load;
    }

    /// <summary>Lets the loads take turns, so that other work of the machine affects all of them alike.</summary>
    /// <returns>The medians of each load.</returns>
    public static Task<Measure[]> AlternateAsync(int rounds, int requests, params Load[] loads) =>
        AlternateWhileAsync(round => round < rounds, requests, loads);

    /// <param name="goesOn">Called before each round with its number, from 0. The first round always runs.</param>
    /// <param name="requests">The requests of each turn.</param>
    /// <param name="loads">The loads that take turns.</param>
    public static async Task<Measure[]> AlternateWhileAsync(Func<int, bool> goesOn, int requests, params Load[] loads)
    {
        var measures = loads.Select(_ => new List<Measure>()).ToArray();
        for (var round = 0; round is 0 || goesOn(round); round++)
        {
            foreach (var (load, index) in loads.Select((load, index) => (load, index)))
            {
                measures[index].Add(await load.RunAsync(requests));
            }
        }

        return [.. measures.Select(Measure.Median)];
    }

    /// <summary>Each client sends its next request when the last one is answered.</summary>
    public async Task<Measure> RunAsync(int requests)
    {
        var next = -1;
        return await MeasureAsync(requests, latencies => Task.WhenAll(clients.Select(async ask =>
        {
            for (int index; (index = Interlocked.Increment(ref next)) < requests;)
            {
                latencies[index] = await LatencyAsync(ask);
            }
        })));
    }

    /// <summary>So many requests a second, whether or not the ones before have been answered: what users of a small site do.</summary>
    public Task<Measure> PaceAsync(int requests, double perSecond) => MeasureAsync(requests, async latencies =>
    {
        var turn = clients.Select(_ => Task.CompletedTask).ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        for (var index = 0; index < requests && await timer.WaitForNextTickAsync(); index++)
        {
            var (number, client) = (index, index % clients.Length);
            turn[client] = AfterAsync(turn[client], number, clients[client]);
        }

        await Task.WhenAll(turn);

        async Task AfterAsync(Task earlier, int number, Func<Task> ask)
        {
            await earlier;
            latencies[number] = await LatencyAsync(ask);
        }
    });

    private static async Task<double> LatencyAsync(Func<Task> ask)
    {
        var start = Stopwatch.GetTimestamp();
        await ask();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private async Task<Measure> MeasureAsync(int requests, Func<double[], Task> run)
    {
        var latencies = new double[requests];
        var (before, switches) = (subject.Cpu, subject.Switches);
        var clock = Stopwatch.StartNew();
        await run(latencies);
        var elapsed = clock.Elapsed;
        var cpu = subject.Cpu - before;
        Array.Sort(latencies);
        return new Measure(
            cpu.TotalMilliseconds / requests, requests / elapsed.TotalSeconds, latencies[requests / 2], latencies[requests * 99 / 100],
            (double)(subject.Switches - switches) / requests);
    }
}

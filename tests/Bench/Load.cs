using System.Diagnostics;

namespace Bench;

/// <summary>Many concurrent clients of one server. Each sends its next request when the last one is answered.</summary>
internal sealed class Load
{
    private const int Beginners = 4;

    private readonly Subject subject;
    private readonly Func<Task>[] begun;
    private readonly int requests;

    private Load(Subject subject, Func<Task>[] begun, int requests) =>
        (this.subject, this.begun, this.requests) = (subject, begun, requests);

    /// <summary>Prepares the clients and warms the server up.</summary>
    public static async Task<Load> BeginAsync(Subject subject, Scenario scenario, int connections)
    {
        var begun = new Func<Task>[connections];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, connections),
            new ParallelOptions { MaxDegreeOfParallelism = Beginners },
            async (index, _) => begun[index] = await scenario.Begin(subject.Client));
        await new Load(subject, begun, scenario.WarmUp).RunAsync();
        return new Load(subject, begun, scenario.Requests);
    }

    /// <summary>Lets the loads take turns, so that other work of the machine affects all of them alike.</summary>
    /// <returns>The medians of each load.</returns>
    public static Task<Measure[]> AlternateAsync(int rounds, params Load[] loads) => AlternateWhileAsync(round => round < rounds, loads);

    /// <param name="goesOn">Called before each round with its number, from 0. The first round always runs.</param>
    /// <param name="loads">The loads that take turns.</param>
    public static async Task<Measure[]> AlternateWhileAsync(Func<int, bool> goesOn, params Load[] loads)
    {
        var measures = loads.Select(_ => new List<Measure>()).ToArray();
        for (var round = 0; round is 0 || goesOn(round); round++)
        {
            foreach (var (load, index) in loads.Select((load, index) => (load, index)))
            {
                measures[index].Add(await load.RunAsync());
            }
        }

        return [.. measures.Select(Measure.Median)];
    }

    private async Task<Measure> RunAsync()
    {
        var latencies = new double[requests];
        var next = -1;
        var before = subject.Cpu;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(begun.Select(async ask =>
        {
            for (int index; (index = Interlocked.Increment(ref next)) < requests;)
            {
                var start = Stopwatch.GetTimestamp();
                await ask();
                latencies[index] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }));
        var elapsed = clock.Elapsed;
        var cpu = subject.Cpu - before;
        Array.Sort(latencies);
        return new Measure(
            cpu.TotalMilliseconds / requests, requests / elapsed.TotalSeconds, latencies[requests / 2], latencies[requests * 99 / 100]);
    }
}

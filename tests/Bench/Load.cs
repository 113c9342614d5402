using System.Diagnostics;

namespace Bench;

/// <summary>Times in milliseconds; <see cref="Cpu"/> is of server and database together, a request.</summary>
internal sealed record Measure(double Cpu, double PerSecond, double P50, double P99)
{
    /// <summary>Of each figure.</summary>
    public static Measure Median(IReadOnlyCollection<Measure> all) => new(
        Median(all.Select(measure => measure.Cpu)), Median(all.Select(measure => measure.PerSecond)),
        Median(all.Select(measure => measure.P50)), Median(all.Select(measure => measure.P99)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <summary>Many at once, each sending its next request when the last one is answered.</summary>
internal static class Load
{
    private const int Beginners = 4;

    public static async Task<Func<Task>[]> BeginAsync(Subject subject, Scenario scenario, int connections)
    {
        var begun = new Func<Task>[connections];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, connections),
            new ParallelOptions { MaxDegreeOfParallelism = Beginners },
            async (index, _) => begun[index] = await scenario.Begin(subject.Client));
        return begun;
    }

    public static async Task<Measure> RunAsync(Subject subject, Func<Task>[] begun, int requests)
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
        return new Measure(cpu.TotalMilliseconds / requests, requests / elapsed.TotalSeconds, latencies[requests / 2], latencies[requests * 99 / 100]);
    }
}

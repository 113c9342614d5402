using System.Diagnostics;

namespace Prove;

/// <summary>The response times, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> all = [];

    public int Count => all.Count;

    public async Task<TResult> MeasureAsync<TResult>(Func<Task<TResult>> send)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await send();
        Add(Stopwatch.GetElapsedTime(start));
        return result;
    }

    public void Add(TimeSpan time)
    {
        lock (all)
        {
            all.Add(time.TotalMilliseconds);
        }
    }

    public double Percentile(int percent)
    {
        var sorted = all.Order().ToList();
        return sorted.Count is 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }
}

namespace Bench;

/// <summary>
/// Times are in milliseconds. <see cref="Cpu"/> is the CPU time per request, of server and database together; <see cref="Switches"/> are
/// the server's thread switches per request.
/// </summary>
internal sealed record Measure(double Cpu, double PerSecond, double P50, double P99, double Switches)
{
    /// <summary>The median of each figure.</summary>
    public static Measure Median(IReadOnlyCollection<Measure> all) => new(
        Median(all.Select(measure => measure.Cpu)), Median(all.Select(measure => measure.PerSecond)),
        Median(all.Select(measure => measure.P50)), Median(all.Select(measure => measure.P99)),
        Median(all.Select(measure => measure.Switches)));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}

namespace Bench;

/// <summary>Prints the results.</summary>
internal static class Table
{
    public static void Head(string title, string what)
    {
        Console.WriteLine();
        Console.WriteLine(title + "; CPU of server and database a request, medians");
        Console.WriteLine($"{what,-20} {"server",-12} {"CPU ms",8} {"req/s",8} {"p50 ms",8} {"p99 ms",8} {"ratio",8} {"target",8}");
    }

    public static void Row(string what, Subject subject, Measure measure, double? ratio = null, double? target = null)
    {
        var (cpu, perSecond, p50, p99, _) = measure;
        Say($"{what,-20} {subject.Name,-12} {cpu,8:0.00} {perSecond,8:0} {p50,8:0.0} {p99,8:0.0} {ratio,8:0.000} {target,8:0.00}");
    }

    public static void Say(string line) => Console.WriteLine(line.TrimEnd());
}

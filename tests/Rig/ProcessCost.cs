using System.Globalization;

namespace Rig;

/// <summary>What a process has used so far, from the operating system's accounting (proc(5)).</summary>
public static class ProcessCost
{
    // USER_HZ, which Linux has fixed at 100 for all that read /proc.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>CPU time in user and system mode.</summary>
    public static TimeSpan Cpu(int processId) => Read(processId) is { } fields ? Time(fields, "utime", "stime") : TimeSpan.Zero;

    /// <summary>CPU time of a process, of those that it started and of those of them that have ended.</summary>
    public static TimeSpan CpuOfTree(int processId)
    {
        var parent = Read(processId);
        var total = parent is null ? TimeSpan.Zero : Time(parent, "utime", "stime", "cutime", "cstime");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && Read(id) is { } child && Number(child, "ppid") == processId)
            {
                total += Time(child, "utime", "stime");
            }
        }

        return total;
    }

    /// <summary>Resident memory in MiB.</summary>
    public static double ResidentMiB(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    // The fields after the name, which is in parentheses and may hold anything.
    private static string[]? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static TimeSpan Time(string[] fields, params string[] names) => names.Sum(name => Number(fields, name)) * Tick;

    private static long Number(string[] fields, string name) => long.Parse(
        fields[name switch { "ppid" => 1, "utime" => 11, "stime" => 12, "cutime" => 13, _ => 14 }], CultureInfo.InvariantCulture);
}

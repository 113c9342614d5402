using System.Globalization;

namespace Rig;

/// <summary>The resources that a process has used so far, from the operating system (proc(5)).</summary>
public static class ProcessCost
{
    // USER_HZ. Linux shows it to programs as 100, always.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>CPU time in user and system mode.</summary>
    public static TimeSpan Cpu(int processId) => Ticks(Read(processId), "utime", "stime") * Tick;

    /// <summary>CPU time of a process and its children, with those that have ended.</summary>
    public static TimeSpan CpuOfTree(int processId)
    {
        // A child that ends between the two readings would be in neither of them; then both are repeated.
        for (var before = Ended(processId); ; before = Ended(processId))
        {
            var living = Tree(processId).Sum(id => Ticks(Read(id), "utime", "stime"));
            if (Ended(processId) == before)
            {
                return (before + living) * Tick;
            }
        }
    }

    /// <summary>Resident memory of a process and its living children, in MiB. What they share counts for each.</summary>
    public static double ResidentMiBOfTree(int processId) => Tree(processId).Sum(id => Memory(id, "VmRSS:"));

    /// <summary>The largest resident memory so far of a process and its living children, in MiB.</summary>
    public static double PeakResidentMiBOfTree(int processId) => Tree(processId).Sum(id => Memory(id, "VmHWM:"));

    private static double Memory(int processId, string field)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static long Ended(int processId) => Ticks(Read(processId), "cutime", "cstime");

    /// <summary>How often a thread of a process and its living children was switched away from: it waited, or its time was over.</summary>
    public static long SwitchesOfTree(int processId) => Tree(processId)
        .SelectMany(id => Directory.EnumerateDirectories($"/proc/{id}/task"))
        .Sum(thread => Switches(Path.Combine(thread, "status")));

    private static long Switches(string status)
    {
        try
        {
            return File.ReadLines(status).Where(line => line.Contains("ctxt_switches:", StringComparison.Ordinal))
                .Sum(line => long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    }

    // The process and its living children.
    private static IEnumerable<int> Tree(int processId) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id == processId || (id > 0 && Read(id) is { } fields && Number(fields, "ppid") == processId));

    // The fields after the process name, which is in parentheses and may contain any character.
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

    private static long Ticks(string[]? fields, params string[] names) => fields is null ? 0 : names.Sum(name => Number(fields, name));

    private static long Number(string[] fields, string name) => long.Parse(
        fields[name switch { "ppid" => 1, "utime" => 11, "stime" => 12, "cutime" => 13, _ => 14 }], CultureInfo.InvariantCulture);
}

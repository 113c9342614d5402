namespace AuthServer.Pruning;

/// <summary>The section <c>Pruning</c>. Durations are <c>d.hh:mm:ss</c>.</summary>
internal sealed class PruningOptions
{
    public const string Section = "Pruning";

    /// <summary>Whether this node prunes. Default: yes; <c>AuthServer prune</c> does it in any case.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>From the end of one run to the beginning of the next. Default: 1 hour.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many rows go at once, which is how long others wait for them. Default: 500.</summary>
    public int BatchSize { get; set; } = 500;

    /// <summary>What lies between two batches, for those who have work to do. Default: 50 milliseconds.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a session is kept after it has expired, and its lineage at all, for <c>session show</c> to tell. Default: 30 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

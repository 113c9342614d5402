namespace AuthServer.Pruning;

/// <summary>
/// The section <c>Pruning</c>: how this node deletes expired rows. See <see href="sessions.md#how-long-they-are-kept">sessions</see>.
/// </summary>
internal sealed class PruningOptions
{
    public const string Section = "Pruning";

    /// <summary>Whether this node prunes. The command <c>AuthServer prune</c> works in any case.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The time from the end of one run to the start of the next. The first run begins a minute after the start of the server.
    /// </summary>
    /// <value>1 second to 30 days</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many rows are deleted at once. Other requests wait that long at most.</summary>
    /// <value>1 to 2000</value>
    public int BatchSize { get; set; } = 500;

    /// <summary>The time between two batches. Other requests get their turn in it.</summary>
    /// <value>0 to 10 seconds</value>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long an expired session is kept, so that <c>session show</c> can still explain it. A refresh token's lineage is kept as long. Do
    /// not set it shorter than the longest lifetime of an access token: introspection would call that token inactive too early.
    /// </summary>
    /// <value>1 hour to 3650 days</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

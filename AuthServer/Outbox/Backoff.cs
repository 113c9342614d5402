namespace AuthServer.Outbox;

/// <summary>The wait after a failed attempt. It doubles with each attempt, up to a limit.</summary>
internal sealed record Backoff(TimeSpan Shortest, TimeSpan Longest)
{
    /// <param name="attempts">The number of attempts so far, at least 1.</param>
    public TimeSpan After(int attempts)
    {
        var delay = Shortest * Math.Pow(2, Math.Min(attempts - 1, 10));
        return delay < Longest ? delay : Longest;
    }
}

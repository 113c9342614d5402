namespace AuthServer.Hosting;

/// <summary>The wait after a failed attempt. It doubles with each attempt, up to a limit.</summary>
internal static class Backoff
{
    /// <param name="attempts">The number of attempts so far, at least 1.</param>
    public static TimeSpan After(int attempts, TimeSpan shortest, TimeSpan longest)
    {
        var delay = shortest * Math.Pow(2, Math.Min(attempts - 1, 10));
        return delay < longest ? delay : longest;
    }
}

namespace AuthServer.Hosting;

/// <summary>How long to wait after an attempt that has failed: twice as long each time, up to a limit.</summary>
internal static class Backoff
{
    /// <param name="attempts">From 1.</param>
    public static TimeSpan After(int attempts, TimeSpan shortest, TimeSpan longest)
    {
        var delay = shortest * Math.Pow(2, Math.Min(attempts - 1, 10));
        return delay < longest ? delay : longest;
    }
}

namespace AuthServer.Hosting;

/// <summary>A form or request that is sent again: by a double click, a reload or the back button.</summary>
internal static class Repetition
{
    /// <summary>How long the repetition of a one-time step gets the same answer as the first request.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);
}

namespace AuthServer.Hosting;

/// <summary>A form or a request that comes once more: by a double click, a reload or the back button.</summary>
internal static class Repetition
{
    /// <summary>For how long what can be done once is answered again as it was the first time.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);
}

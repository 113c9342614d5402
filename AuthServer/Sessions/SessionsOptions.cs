namespace AuthServer.Sessions;

/// <summary>The section <c>Sessions</c>. Lifetimes are <c>d.hh:mm:ss</c>, counted from when the person last showed who they are.</summary>
internal sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <summary>How long a browser stays signed in that is not to be remembered; closing it ends that earlier. Default: 10 hours.</summary>
    public TimeSpan BrowserLifetime { get; set; } = TimeSpan.FromHours(10);

    /// <summary>How long one stays signed in that is. Default: 30 days.</summary>
    public TimeSpan RememberedLifetime { get; set; } = TimeSpan.FromDays(30);
}

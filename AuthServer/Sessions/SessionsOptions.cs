namespace AuthServer.Sessions;

/// <summary>
/// The section <c>Sessions</c>: how long a browser stays signed in, counted from the last time the user proved who they are.
/// </summary>
internal sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <summary>Session length when "Stay signed in" is not ticked. Closing the browser ends the session earlier.</summary>
    /// <value>1 minute to 400 days</value>
    public TimeSpan BrowserLifetime { get; set; } = TimeSpan.FromHours(10);

    /// <summary>Session length when "Stay signed in" is ticked.</summary>
    /// <value>1 minute to 400 days</value>
    public TimeSpan RememberedLifetime { get; set; } = TimeSpan.FromDays(30);
}

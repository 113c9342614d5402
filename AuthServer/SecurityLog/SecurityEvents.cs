namespace AuthServer.SecurityLog;

/// <summary>
/// Collects what a request reports to the security log. Code that accepts or refuses a sign-in reports here;
/// <see cref="SecurityLogWriter"/> adds the details of the request and writes.
/// </summary>
internal sealed class SecurityEvents
{
    private readonly List<SecurityEvent> events = [];

    public IReadOnlyList<SecurityEvent> Reported => events;

    /// <summary>The app for which a page is shown. A request of the protocol names its client itself.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// True for a request from an app's own server, which has authenticated. The address is that of the server and says nothing about the
    /// person, so a program that bans addresses must not ban it.
    /// </summary>
    public bool IsFromAppServer { get; set; }

    /// <param name="code">One of <see cref="RefusalCodes"/>.</param>
    public void Refused(string kind, string code, string reason, Guid? subject = null, string? typed = null) =>
        events.Add(new(kind, code, reason, subject, typed));

    /// <param name="methods">Terms of RFC 8176.</param>
    public void SignedIn(Guid subject, IEnumerable<string> methods) =>
        events.Add(new(SecurityEventKinds.SignedIn, "", string.Join(' ', methods), subject) { IsRefusal = false });
}

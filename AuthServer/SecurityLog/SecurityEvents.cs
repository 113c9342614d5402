namespace AuthServer.SecurityLog;

/// <summary>What a request has to tell the security log. Doors report here; <see cref="SecurityLogWriter"/> adds the request's part and writes.</summary>
internal sealed class SecurityEvents
{
    private readonly List<SecurityEvent> events = [];

    public IReadOnlyList<SecurityEvent> Reported => events;

    /// <summary>The app on whose behalf a page is shown. Requests of the protocol name theirs themselves.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// True for a request of an app's own server, which has authenticated: the address is that of the server, and says nothing about
    /// the person. Whoever bars addresses must not bar it.
    /// </summary>
    public bool IsFromAppServer { get; set; }

    public void Refused(string kind, string reason, Guid? subject = null, string? typed = null) => events.Add(new(kind, reason, subject, typed));

    /// <param name="methods">As RFC 8176 names them.</param>
    public void SignedIn(Guid subject, IEnumerable<string> methods) =>
        events.Add(new(SecurityEventKinds.SignedIn, string.Join(' ', methods), subject) { IsRefusal = false });
}

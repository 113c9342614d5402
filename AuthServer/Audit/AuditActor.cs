namespace AuthServer.Audit;

/// <summary>
/// Who acts in this scope: a request, a command, a piece of background work. A request begins as nobody; the code that learns who it is says
/// so. Without that, it is the process itself.
/// </summary>
internal sealed class AuditActor(AuditProcess process)
{
    public AuditActorKind Kind { get; private set; } = process.Kind;

    public string? Id { get; private set; } = process.Id;

    public Guid? SessionId { get; private set; }

    public string? Address { get; private set; }

    public string? UserAgent { get; private set; }

    /// <summary>A request has begun; who sends it is not known yet.</summary>
    public void Begin(string? address, string? userAgent) =>
        (Kind, Id, SessionId, Address, UserAgent) = (AuditActorKind.Person, null, null, address, userAgent);

    /// <summary>The sender of the request has shown something else than a sign-in, such as the link of a mail.</summary>
    public void IsUnknown() => (Kind, Id, SessionId) = (AuditActorKind.Person, null, null);

    public void IsPerson(Guid user, Guid? session) => (Kind, Id, SessionId) = (AuditActorKind.Person, user.ToString(), session);

    /// <summary>An app has authenticated, or a public client has named itself.</summary>
    public void IsClient(string clientId) => (Kind, Id, SessionId) = (AuditActorKind.Client, clientId, null);
}

/// <summary>Who acts where no request does: the server itself, or the operator who runs a command.</summary>
/// <param name="Id">The operating system's account of an operator.</param>
internal sealed record AuditProcess(AuditActorKind Kind, string? Id)
{
    public static AuditProcess Server { get; } = new(AuditActorKind.System, null);

    public static AuditProcess Command { get; } = new(AuditActorKind.Operator, Environment.UserName);
}

namespace AuthServer.Audit;

/// <summary>
/// The actor of this scope, which is a request, a command or a piece of background work. At first it is the process. A request begins with
/// an unknown person, and the code that finds out more sets it here.
/// </summary>
internal sealed class AuditActor(AuditProcess process)
{
    public AuditActorKind Kind { get; private set; } = process.Kind;

    public string? Id { get; private set; } = process.Id;

    public Guid? SessionId { get; private set; }

    public string? Address { get; private set; }

    public string? UserAgent { get; private set; }

    /// <summary>Why the actor does all this: the reason of every event of this scope that has none of its own.</summary>
    public string? Cause { get; set; }

    /// <summary>A request has begun. Its sender is not known yet.</summary>
    public void Begin(string? address, string? userAgent) =>
        (Kind, Id, SessionId, Address, UserAgent) = (AuditActorKind.Person, null, null, address, userAgent);

    /// <summary>The sender of the request has shown something else than a sign-in, such as the link of a mail.</summary>
    public void IsUnknown() => (Kind, Id, SessionId) = (AuditActorKind.Person, null, null);

    public void IsPerson(Guid user, Guid? session) => (Kind, Id, SessionId) = (AuditActorKind.Person, user.ToString(), session);

    /// <summary>An app has authenticated, or a public client has named itself.</summary>
    public void IsClient(string clientId) => (Kind, Id, SessionId) = (AuditActorKind.Client, clientId, null);
}

/// <summary>The actor outside of requests: the server itself, or the operator who runs a command.</summary>
/// <param name="Id">The operating system's account of an operator.</param>
internal sealed record AuditProcess(AuditActorKind Kind, string? Id)
{
    public static AuditProcess Server { get; } = new(AuditActorKind.System, null);

    public static AuditProcess Command { get; } = new(AuditActorKind.Operator, Environment.UserName);
}

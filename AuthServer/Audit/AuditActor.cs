namespace AuthServer.Audit;

/// <summary>
/// Who acts in this scope: a request, a command, a piece of background work. A request begins as nobody; the code that learns who it is says
/// so. Until somebody says more, it is the server itself.
/// </summary>
internal sealed class AuditActor
{
    public AuditActorKind Kind { get; private set; } = AuditActorKind.System;

    public string? Id { get; private set; }

    public Guid? SessionId { get; private set; }

    public string? Address { get; private set; }

    public string? UserAgent { get; private set; }

    /// <summary>A request has begun; who sends it is not known yet.</summary>
    public void Begin(string? address, string? userAgent) =>
        (Kind, Id, SessionId, Address, UserAgent) = (AuditActorKind.Person, null, null, address, userAgent);

    public void IsPerson(Guid user, Guid? session) => (Kind, Id, SessionId) = (AuditActorKind.Person, user.ToString(), session);

    /// <summary>An app acts for itself, and not for a person.</summary>
    public void IsClient(string clientId) => (Kind, Id, SessionId) = (AuditActorKind.Client, clientId, null);

    /// <param name="account">The operating system's account.</param>
    public void IsOperator(string account) => (Kind, Id, SessionId) = (AuditActorKind.Operator, account, null);
}

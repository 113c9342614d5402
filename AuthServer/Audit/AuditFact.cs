namespace AuthServer.Audit;

/// <summary>The thing that an event is about.</summary>
/// <param name="Person">The person whose key protects the personal part of the event.</param>
internal readonly record struct AuditTarget(string Kind, string Id, Guid? Person = null)
{
    public static AuditTarget User(Guid id) => new(AuditTargets.User, id.ToString(), id);

    public static AuditTarget Client(string clientId) => new(AuditTargets.Client, clientId);

    public static AuditTarget Scope(string name) => new(AuditTargets.Scope, name);

    public static AuditTarget Role(string name) => new(AuditTargets.Role, name);

    public static AuditTarget Key(string keyId) => new(AuditTargets.Key, keyId);

    /// <param name="user">The person who is signed in.</param>
    public static AuditTarget Session(Guid id, Guid user) => new(AuditTargets.Session, id.ToString(), user);

    /// <param name="subject">The <c>sub</c> of the person who is signed in.</param>
    public static AuditTarget Session(Guid id, string? subject) =>
        new(AuditTargets.Session, id.ToString(), Guid.TryParse(subject, out var user) ? user : null);
}

/// <summary>Something that was done or refused, before the context adds who did it, when and from where.</summary>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Reason">A code of this program, at most <see cref="AuditEvent.LongestWord"/> characters.</param>
internal sealed record AuditFact(string Action, AuditTarget Target, string? Reason = null)
{
    /// <summary>Each field that changed. No field that names a person, and no secret.</summary>
    public IReadOnlyDictionary<string, AuditChange>? Changes { get; init; }

    /// <summary>The fields that name the person.</summary>
    public IReadOnlyDictionary<string, AuditChange>? PersonalChanges { get; init; }

    public bool IsRefused { get; init; }

    /// <summary>The id of the event, for a fact that may be written again; by default a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>Null for the trace of the present request.</summary>
    public string? TraceId { get; init; }

    /// <summary>True to leave out address and user agent.</summary>
    public bool HidesSource { get; init; }

    /// <summary>True for a sign-in: it is the act of the person whom it signs in.</summary>
    public bool IsOwnAct { get; init; }

    /// <summary>True if the account is created: the person gets a key.</summary>
    public bool CreatesPerson { get; init; }

    /// <summary>True if the account is deleted: nothing personal is kept, and the person's key is destroyed.</summary>
    public bool ErasesPerson { get; init; }

    /// <summary>The change of one field.</summary>
    public static IReadOnlyDictionary<string, AuditChange> Changed(string field, string? before, string? after) =>
        new Dictionary<string, AuditChange>(StringComparer.Ordinal) { [field] = new(before, after) };

    /// <summary>One field that had no value before.</summary>
    public static IReadOnlyDictionary<string, AuditChange> Set(string field, string? value) => Changed(field, null, value);
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>What an event is about. <see cref="Person"/> is the person whose key protects the personal part.</summary>
internal readonly record struct AuditTarget(string Kind, string Id, Guid? Person = null)
{
    public static AuditTarget User(Guid id) => new(AuditTargets.User, id.ToString(), id);

    public static AuditTarget Client(string clientId) => new(AuditTargets.Client, clientId);

    public static AuditTarget Scope(string name) => new(AuditTargets.Scope, name);

    public static AuditTarget Role(string name) => new(AuditTargets.Role, name);

    public static AuditTarget Key(string keyId) => new(AuditTargets.Key, keyId);

    /// <param name="user">The person who is signed in.</param>
    public static AuditTarget Session(Guid id, Guid user) => new(AuditTargets.Session, id.ToString(), user);
}

/// <summary>
/// Adds events to the context of a change, so that the change and its event are one transaction. The caller saves the context. A change that
/// is not saved through the context, such as <c>ExecuteUpdate</c>, needs a transaction around both.
/// </summary>
internal sealed class AuditTrail(AuthDbContext context, AuditActor actor, PersonKeys keys, TimeProvider time)
{
    /// <summary>Something has been done.</summary>
    public Task DoneAsync(string action, AuditTarget? target, AuditDetails details = default, CancellationToken cancellationToken = default) =>
        AddAsync(action, target, isRefused: false, details, cancellationToken);

    /// <summary>Something was tried and refused.</summary>
    public Task RefusedAsync(
        string action, AuditTarget? target, string reason, AuditDetails details = default, CancellationToken cancellationToken = default) =>
        AddAsync(action, target, isRefused: true, details with { Reason = reason }, cancellationToken);

    /// <summary>Enough to compare two secrets, not enough to guess one: the first 8 bytes of their SHA-256.</summary>
    public static string Fingerprint(string secret) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 8));

    private async Task AddAsync(
        string action, AuditTarget? target, bool isRefused, AuditDetails details, CancellationToken cancellationToken)
    {
        var person = target?.Person ?? (actor.Kind is AuditActorKind.Person && Guid.TryParse(actor.Id, out var id) ? id : null);
        var personal = new PersonalDetails
        {
            Name = details.Name,
            Address = actor.Address,
            UserAgent = actor.UserAgent,
            Changes = details.PersonalChanges,
        };
        context.Add(new AuditEvent
        {
            At = time.GetUtcNow(),
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            SessionId = actor.SessionId,
            Action = action,
            TargetKind = target?.Kind,
            TargetId = target?.Id,
            IsRefused = isRefused,
            Reason = details.Reason,
            TraceId = Activity.Current?.TraceId.ToString(),
            Changes = details.Changes is { Count: > 0 } changes
                ? JsonSerializer.Serialize(changes, PersonalJson.Default.IReadOnlyDictionaryStringAuditChange)
                : null,
            PersonId = person,
            Sealed = person is { } owner && personal != Nothing ? await keys.SealAsync(owner, personal, cancellationToken) : null,
            Address = person is null ? actor.Address : null,
        });
    }

    private static readonly PersonalDetails Nothing = new();
}

/// <param name="Changes">Each field that changed. No field that names a person, and no secret.</param>
/// <param name="PersonalChanges">The fields that name the person.</param>
/// <param name="Name">The user name.</param>
internal readonly record struct AuditDetails(
    string? Reason = null,
    IReadOnlyDictionary<string, AuditChange>? Changes = null,
    IReadOnlyDictionary<string, AuditChange>? PersonalChanges = null,
    string? Name = null);

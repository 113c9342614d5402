using System.Text.Json;
using AuthServer.Audit;

namespace AuthServer.Operations;

/// <summary>An event as people and programs read it: docs/audit.md explains the fields.</summary>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">docs/audit.md lists the codes.</param>
/// <param name="Target">What it was done to.</param>
/// <param name="Person">The person whom the event is about.</param>
/// <param name="Outcome"><c>done</c> or <c>refused</c>.</param>
/// <param name="Reason">A code of this program.</param>
/// <param name="Trace">The trace id of the request.</param>
/// <param name="Changes">All changed fields, those that name the person among them if the person's key is there.</param>
internal sealed record AuditView(
    Guid Id, DateTimeOffset Time, AuditActorView Actor, string Action, AuditTargetView Target, Guid? Person, string Outcome, string? Reason,
    string? Trace, IReadOnlyDictionary<string, AuditChange> Changes)
{
    private static readonly Dictionary<string, AuditChange> None = [];

    public static AuditView Of(ReadableEvent row) => new(
        row.Event.Id,
        row.Event.At,
        new AuditActorView(Lower(row.Event.ActorKind), row.Event.ActorId, row.Event.SessionId, row.Address, row.UserAgent),
        row.Event.Action,
        new AuditTargetView(row.Event.TargetKind, row.Event.TargetId),
        row.Event.PersonId,
        row.Event.Outcome,
        row.Event.Reason,
        row.Event.TraceId,
        ChangesOf(row));

    /// <inheritdoc cref="Changes"/>
    public static IReadOnlyDictionary<string, AuditChange> ChangesOf(ReadableEvent row)
    {
        var changes = new SortedDictionary<string, AuditChange>(StringComparer.Ordinal);
        var plain = row.Event.Changes is { } text ? Read(text) : null;
        foreach (var (name, change) in (plain ?? None).Concat(row.Personal?.Changes ?? None))
        {
            changes[name] = change;
        }

        return changes;
    }

    /// <summary>"emailConfirmed: false → true, passwordHash: sha256:… → sha256:…".</summary>
    public static string ChangesInWords(ReadableEvent row) => string.Join(
        ", ",
        ChangesOf(row).Select(change => change.Value switch
        {
            { Before: null, After: var after } => $"{change.Key}: {after}",
            { After: null, Before: var before } => $"{change.Key}: {before} → -",
            var (before, after) => $"{change.Key}: {before} → {after}",
        }));

    public static string Lower(string word) => char.ToLowerInvariant(word[0]) + word[1..];

    // Somebody may have edited the row: 'audit verify' says so.
    private static IReadOnlyDictionary<string, AuditChange> Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, PersonalJson.Default.IReadOnlyDictionaryStringAuditChange) ?? None;
        }
        catch (JsonException)
        {
            return AuditFact.Set("unreadable", text);
        }
    }
}

/// <summary>Who did it.</summary>
/// <param name="Kind"><c>person</c>, <c>client</c>, <c>operator</c> or <c>system</c>.</param>
/// <param name="Id">The id of a user, a <c>client_id</c>, or the operating system's account of an operator.</param>
/// <param name="Session">The sign-in in which the actor acted.</param>
/// <param name="Address">The IP address of the request; null if there was none, or the person's key was destroyed.</param>
/// <param name="UserAgent">As the address.</param>
internal sealed record AuditActorView(string Kind, string? Id, Guid? Session, string? Address, string? UserAgent);

/// <summary>The thing that it was done to.</summary>
/// <param name="Kind">For example <c>user</c>, <c>client</c> or <c>session</c>.</param>
/// <param name="Id">The id of a user or a session, a <c>client_id</c>, or the name of a scope or a role.</param>
internal sealed record AuditTargetView(string? Kind, string? Id);

using System.Text.Json;
using AuthServer.Audit;

namespace AuthServer.CommandLine;

/// <summary>An event as people and programs read it.</summary>
internal static class AuditJson
{
    public static object Of(ReadableEvent row) => new
    {
        row.Event.Id,
        Time = row.Event.At,
        Actor = new
        {
            Kind = Lower(row.Event.ActorKind),
            Id = row.Event.ActorId,
            Session = row.Event.SessionId,
            row.Address,
            row.UserAgent,
        },
        row.Event.Action,
        Target = new { Kind = row.Event.TargetKind, Id = row.Event.TargetId },
        Person = row.Event.PersonId,
        row.Event.Outcome,
        row.Event.Reason,
        Trace = row.Event.TraceId,
        Changes = ChangesOf(row),
    };

    /// <summary>All changed fields, those that name the person among them if the person's key is there.</summary>
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

    private static readonly Dictionary<string, AuditChange> None = [];

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

    public static string Lower(string word) => char.ToLowerInvariant(word[0]) + word[1..];
}

using System.Globalization;
using System.Text.Json;
using AuthServer.Audit;

namespace AuthServer.Operations;

/// <summary>Writes events as lines, for programs of others.</summary>
internal static class AuditExport
{
    /// <summary>One JSON object a line.</summary>
    public const string JsonLines = "jsonl";

    /// <summary>For a spreadsheet (RFC 4180).</summary>
    public const string Csv = "csv";

    /// <summary>JSON lines in the Open Cybersecurity Schema Framework, for a SIEM.</summary>
    public const string Ocsf = "ocsf";

    private static readonly string[] Columns =
    [
        "id", "time", "actor_kind", "actor", "session", "address", "user_agent", "action", "target_kind", "target", "person", "outcome",
        "reason", "trace", "changes",
    ];

    public static IReadOnlyList<string> Formats { get; } = [JsonLines, Csv, Ocsf];

    /// <returns>The line before the first event; null if the format has none.</returns>
    public static string? Head(string format) => format is Csv ? string.Join(',', Columns) : null;

    public static string Line(string format, ReadableEvent row) => format switch
    {
        Csv => string.Join(',', CellsOf(row).Select(Cell)),
        Ocsf => JsonSerializer.Serialize(AuditOcsf.Of(row), JsonSerializerOptions.Web),
        _ => JsonSerializer.Serialize(AuditView.Of(row), JsonSerializerOptions.Web),
    };

    private static string?[] CellsOf(ReadableEvent row) =>
    [
        row.Event.Id.ToString(),
        row.Event.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        AuditView.Lower(row.Event.ActorKind),
        row.Event.ActorId,
        row.Event.SessionId?.ToString(),
        row.Address,
        row.UserAgent,
        row.Event.Action,
        row.Event.TargetKind,
        row.Event.TargetId,
        row.Event.PersonId?.ToString(),
        row.Event.Outcome,
        row.Event.Reason,
        row.Event.TraceId,
        AuditView.ChangesInWords(row),
    ];

    // RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe: a client chooses its user agent freely.
    private static string Cell(string? text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text ?? "";
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Support;

/// <summary>
/// The rows of all tables of a SQLite file, in a form in which two files with the same content are equal: what was written after the first
/// look, and cannot be the same twice (ids, times, hashes, sealed bytes), is only named.
/// </summary>
internal sealed partial class DatabaseRows
{
    // Of a server that runs: its jobs, and who asked it.
    private static readonly string[] OwnTables =
    [
        "AuditCheckpoints", "AuditKeys", "AuditSeals", "BulkPlans", "DataProtectionKeys", "IdempotencyKeys", "Leases", "PersonKeys", "SignInFailures",
        "SpentValues", "SupportSteps",
    ];

    private static readonly string[] OwnColumns =
    [
        "AuditEvents.ActorKind", "AuditEvents.ActorId", "AuditEvents.SessionId", "AuditEvents.TraceId", "AuditEvents.Encrypted",
        "AuditEvents.Address", "AuditEvents.PersonId",
        "OutgoingMails.Attempts", "OutgoingMails.LastError", "OutgoingMails.DueAt",
    ];

    private readonly Dictionary<string, HashSet<string>> known = new(StringComparer.Ordinal);

    /// <param name="path">The file whose values are compared as they are.</param>
    public static async Task<DatabaseRows> OfAsync(string path)
    {
        var rows = new DatabaseRows();
        await ReadAsync(path, (column, value) =>
        {
            rows.known.TryAdd(column, []);
            rows.known[column].Add(value);
            return value;
        });
        return rows;
    }

    /// <returns>"Table: column=value, …", sorted.</returns>
    public async Task<List<string>> ReadAsync(string path) =>
        await ReadAsync(path, (column, value) => known.TryGetValue(column, out var values) && values.Contains(value) ? value : Named(column, value));

    /// <summary>Names what is another one each time: <c>&lt;id&gt;</c>, <c>&lt;time&gt;</c>, <c>&lt;key&gt;</c>, <c>&lt;fingerprint&gt;</c>.</summary>
    public static string Named(string text) =>
        KeyId().Replace(Fingerprint().Replace(Instant().Replace(Id().Replace(text, "<id>"), "<time>"), "<fingerprint>"), "<key>");

    private static string Named(string column, string value) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 1_000_000_000_000 ? "<time>"
        : RandomColumn().IsMatch(column) ? "<random>"
        : Named(value);

    private static async Task<List<string>> ReadTablesAsync(SqliteConnection connection)
    {
        var tables = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return [.. tables.Except(OwnTables)];
    }

    private static async Task<List<string>> ReadAsync(string path, Func<string, string, string> name)
    {
        var rows = new List<string>();
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        foreach (var table in await ReadTablesAsync(connection))
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a name out of the database's own list
            command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add($"{table}: " + string.Join(", ",
                    from index in Enumerable.Range(0, reader.FieldCount)
                    let column = $"{table}.{reader.GetName(index)}"
                    where !OwnColumns.Contains(column)
                    select $"{reader.GetName(index)}={name(column, TextOf(reader, index))}"));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static string TextOf(SqliteDataReader reader, int index) => reader.GetValue(index) switch
    {
        DBNull => "null",
        byte[] bytes => $"bytes {Convert.ToHexString(bytes)}",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("(Stamp|Token|Hash|KeyId|Material|Secret|Letter|Payload)$")]
    private static partial Regex RandomColumn();

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Id();

    // The thumbprint of RFC 7638, and the random id of a symmetric key.
    [GeneratedRegex(@"(?<![\w-])([\w-]{43}|[\w-]{22})(?![\w-])")]
    private static partial Regex KeyId();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)|(?<![0-9])6[0-9]{17}")]
    private static partial Regex Instant();

    [GeneratedRegex("sha256:[0-9a-zA-Z_+/=-]+|bytes [0-9A-F]+")]
    private static partial Regex Fingerprint();
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Hosting;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class AuditExportCommand
{
    private const string JsonLines = "jsonl";
    private const string Csv = "csv";
    private const string Ocsf = "ocsf";
    private const string Chain = "chain";

    public static Command Create(CommandHost host)
    {
        var filter = new AuditFilterOptions();
        var format = new Option<string>("--format")
        {
            Description = "jsonl: one JSON object a line. csv: for a spreadsheet. ocsf: JSON lines in the Open Cybersecurity Schema "
                + "Framework, for a SIEM. chain: everything that 'audit verify --file' needs, without what names people.",
            DefaultValueFactory = _ => JsonLines,
        };
        format.AcceptOnlyFromAmong(JsonLines, Csv, Ocsf, Chain);
        var command = new Command("export", "Write events to standard output, the newest first.") { format };
        filter.AddTo(command);
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var kind = result.GetRequiredValue(format);
            if (kind is Chain)
            {
                if (!filter.IsEmpty(result))
                {
                    throw new OperatorException("A chain has all events: leave out the options that choose some.");
                }

                await AuditFile.WriteAsync(services.GetRequiredService<AuditDatabase>(), Console.Out, cancellationToken);
                return 0;
            }

            if (kind is Csv)
            {
                Console.WriteLine(string.Join(',', Columns));
            }

            var which = await filter.ReadAsync(result, services, cancellationToken);
            await foreach (var page in services.GetRequiredService<AuditQueries>().PagesAsync(which, int.MaxValue, cancellationToken))
            {
                foreach (var row in page)
                {
                    Console.WriteLine(kind switch
                    {
                        Csv => string.Join(',', CellsOf(row).Select(Cell)),
                        Ocsf => JsonSerializer.Serialize(AuditOcsf.Of(row), JsonSerializerOptions.Web),
                        _ => JsonSerializer.Serialize(AuditView.Of(row), JsonSerializerOptions.Web),
                    });
                }
            }

            return 0;
        }));
        return command;
    }

    private static readonly string[] Columns =
    [
        "id", "time", "actor_kind", "actor", "session", "address", "user_agent", "action", "target_kind", "target", "person", "outcome",
        "reason", "trace", "changes",
    ];

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

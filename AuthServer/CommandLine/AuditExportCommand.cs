using System.CommandLine;
using AuthServer.Audit;
using AuthServer.AuditSeals;
using AuthServer.Hosting;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class AuditExportCommand
{
    private const string Chain = "chain";

    public static Command Create(CommandHost host)
    {
        var filter = new AuditFilterOptions();
        var format = new Option<string>("--format")
        {
            Description = "jsonl: one JSON object a line. csv: for a spreadsheet. ocsf: JSON lines in the Open Cybersecurity Schema "
                + "Framework, for a SIEM. chain: everything that 'audit verify --file' needs, without what names people.",
            DefaultValueFactory = _ => AuditExport.JsonLines,
        };
        format.AcceptOnlyFromAmong([.. AuditExport.Formats, Chain]);
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

            if (AuditExport.Head(kind) is { } head)
            {
                Console.WriteLine(head);
            }

            var which = await filter.ReadAsync(result, services, cancellationToken);
            await foreach (var page in services.GetRequiredService<AuditQueries>().PagesAsync(which, int.MaxValue, cancellationToken))
            {
                foreach (var row in page)
                {
                    Console.WriteLine(AuditExport.Line(kind, row));
                }
            }

            return 0;
        }));
        return command;
    }
}

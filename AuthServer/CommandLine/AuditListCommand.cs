using System.CommandLine;
using AuthServer.Audit;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class AuditListCommand
{
    private const int DefaultLimit = 100;

    public static readonly string[] Headers = ["TIME", "ACTION", "TARGET", "ACTOR", "REASON", "ADDRESS", "CHANGES"];

    public static Command Create(CommandHost host)
    {
        var filter = new AuditFilterOptions();
        var limit = OptionValues.Limit($"The greatest number of rows. Default: {DefaultLimit}.");
        var json = OptionValues.Json();
        var command = new Command("list", "List what was done, the newest first.") { limit, json };
        filter.AddTo(command);
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var which = await filter.ReadAsync(result, services, cancellationToken);
            var listing = new Listing<ReadableEvent>(result.GetValue(json), Headers, Cells, row => AuditView.Of(row));
            await foreach (var page in services.GetRequiredService<AuditQueries>()
                .PagesAsync(which, result.GetValue(limit) ?? DefaultLimit, cancellationToken))
            {
                listing.Add(page);
            }

            listing.End();
            return 0;
        }));
        return command;
    }

    public static string?[] Cells(ReadableEvent row) =>
    [
        TextFormat.Instant(row.Event.At),
        row.Event.Action,
        $"{row.Event.TargetKind} {row.Event.TargetId}",
        $"{AuditView.Lower(row.Event.ActorKind)} {row.Event.ActorId}".TrimEnd(),
        row.Event.Reason,
        row.Address,
        AuditView.ChangesInWords(row),
    ];
}

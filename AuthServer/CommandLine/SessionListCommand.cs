using System.CommandLine;
using AuthServer.Operations;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class SessionListCommand
{
    private const int DefaultLimit = 100;

    private static readonly string[] Headers = ["ID", "USER", "SIGNED IN", "STATE", "APPS", "ADDRESS", "USER AGENT"];

    public static Command Create(CommandHost host)
    {
        var filter = new SessionFilterOptions();
        var ended = new Option<bool>("--ended") { Description = "List sessions that have ended or expired instead of active ones." };
        var limit = OptionValues.Limit($"The greatest number of rows. Default: {DefaultLimit}.");
        var json = OptionValues.Json();
        var command = new Command("list", "List sign-ins, the newest first.");
        filter.AddTo(command);
        command.Add(ended);
        command.Add(limit);
        command.Add(json);
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var sessions = services.GetRequiredService<SessionQueries>();
            var which = await filter.ReadAsync(result, services, cancellationToken);
            var found = result.GetValue(ended) ? sessions.Over(which) : sessions.Active(which);
            var total = await found.CountAsync(cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var listing = new Listing<SessionRow>(result.GetValue(json), Headers, row => Cells(row, now), row => SessionSummary.Of(row, now));
            var shown = 0;
            await foreach (var page in sessions.PagesAsync(found, result.GetValue(limit) ?? DefaultLimit, cancellationToken))
            {
                listing.Add(page);
                shown += page.Count;
            }

            listing.End();
            if (!result.GetValue(json))
            {
                var count = TextFormat.Count(total, "session");
                Console.WriteLine(shown < total ? $"{count}; the newest {shown} are shown." : $"{count}.");
            }

            return 0;
        }));
        return command;
    }

    private static string?[] Cells(SessionRow row, DateTimeOffset now) =>
    [
        $"{row.Id}",
        row.User,
        TextFormat.Instant(row.SignedInAt),
        row.EndReason ?? row.StateAt(now),
        string.Join(' ', row.Clients.Distinct()),
        row.Address,
        row.UserAgent,
    ];
}

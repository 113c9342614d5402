using System.CommandLine;
using System.Text.Json;
using AuthServer.Hosting;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class SessionListCommand
{
    private const int DefaultLimit = 100;

    public static Command Create(CommandHost host)
    {
        var filter = new SessionFilterOptions();
        var ended = new Option<bool>("--ended") { Description = "Those that have ended or expired, in place of the active ones." };
        var limit = new Option<int>("--limit") { Description = $"How many at most. Default: {DefaultLimit}.", DefaultValueFactory = _ => DefaultLimit };
        var json = new Option<bool>("--json") { Description = "As a JSON object." };
        var command = new Command("list", "List sign-ins, the newest first.");
        filter.AddTo(command);
        command.Add(ended);
        command.Add(limit);
        command.Add(json);
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            if (result.GetValue(limit) < 1)
            {
                throw new OperatorException("--limit must be at least 1.");
            }

            var sessions = services.GetRequiredService<SessionQueries>();
            var which = await filter.ReadAsync(result, services, cancellationToken);
            var found = result.GetValue(ended) ? sessions.Over(which) : sessions.Active(which);
            var total = await found.CountAsync(cancellationToken);
            var rows = await sessions.ListAsync(found, result.GetValue(limit), cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { total, sessions = rows.Select(row => Json(row, now)) }, JsonSerializerOptions.Web));
                return 0;
            }

            rows.ForEach(row => Console.WriteLine(Line(row, now)));
            Console.WriteLine(rows.Count < total ? $"{Plain.Count(total, "session")}; the newest {rows.Count} are shown." : $"{Plain.Count(total, "session")}.");
            return 0;
        }));
        return command;
    }

    private static string Line(SessionRow row, DateTimeOffset now) =>
        $"{row.Id}  {Plain.Text(row.User),-20} {Plain.Instant(row.SignedInAt)}  {row.EndReason ?? row.StateAt(now),-20} "
        + $"{string.Join(' ', row.Clients.Distinct()),-20} {row.Address ?? "-",-15} {Plain.Text(row.UserAgent)}";

    private static object Json(SessionRow row, DateTimeOffset now) => new
    {
        row.Id,
        row.User,
        State = row.StateAt(now),
        row.SignedInAt,
        row.LastSeenAt,
        row.ExpiresAt,
        row.EndedAt,
        row.EndReason,
        row.Address,
        row.UserAgent,
        Clients = row.Clients.Distinct(),
    };
}

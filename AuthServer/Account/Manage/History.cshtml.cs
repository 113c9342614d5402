using System.Globalization;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Pages;
using AuthServer.Protocol;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account.Manage;

/// <summary>Lists what happened to the person's account, the latest first.</summary>
[UnderImpersonation]
internal sealed class HistoryModel(AccountHistory history, AuthDbContext database) : ManagePage
{
    private const int PageSize = 30;
    private const string Cursor = "before";

    /// <summary>Equal entries in a row.</summary>
    /// <param name="Entry">The latest of them.</param>
    public sealed record Row(HistoryEntry Entry, int Count);

    /// <summary>The last entry of the page before.</summary>
    [BindProperty(SupportsGet = true, Name = Cursor)]
    public string? Before { get; set; }

    /// <summary>The rows of each day, in UTC.</summary>
    public IReadOnlyList<(string Day, IReadOnlyList<Row> Rows)> Days { get; private set; } = [];

    /// <summary>The display names of the apps, by <c>client_id</c>.</summary>
    public IReadOnlyDictionary<string, string> Apps { get; private set; } = new Dictionary<string, string>();

    /// <summary>The address of the next page; null on the last.</summary>
    public string? Earlier { get; private set; }

    public bool IsFirst => Read(Before) is null;

    public string NameOf(string app) => Apps.GetValueOrDefault(app, app);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var (entries, hasMore) = await history.ReadAsync(Person.Id, Read(Before), PageSize, cancellationToken);
        var apps = entries.SelectMany(entry => new[] { entry.App, entry.Detail }).OfType<string>().Distinct().ToList();
        Apps = await database.Set<Client>().AsNoTracking().Where(client => apps.Contains(client.ClientId!) && client.DisplayName != null)
            .ToDictionaryAsync(client => client.ClientId!, client => client.DisplayName!, cancellationToken);
        Earlier = hasMore ? QueryHelpers.AddQueryString(Paths.ManageHistory, Cursor, Write(entries[^1])) : null;
        Days = [.. entries.GroupBy(entry => entry.At.UtcDateTime.Date)
            .Select(day => (day.Key.ToString("D", CultureInfo.CurrentCulture), (IReadOnlyList<Row>)Rows(day)))];
    }

    private static List<Row> Rows(IEnumerable<HistoryEntry> entries)
    {
        var rows = new List<Row>();
        foreach (var entry in entries)
        {
            if (rows.Count > 0 && rows[^1].Entry with { Id = entry.Id, At = entry.At } == entry)
            {
                rows[^1] = rows[^1] with { Count = rows[^1].Count + 1 };
                continue;
            }

            rows.Add(new Row(entry, 1));
        }

        return rows;
    }

    private static string Write(HistoryEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.At.UtcTicks}-{entry.Id:N}");

    // Null for the first page, also if somebody has changed the address.
    private static (DateTimeOffset At, Guid Id)? Read(string? cursor) =>
        cursor?.Split('-') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParseExact(id, "N", out var last)
            ? (new DateTimeOffset(at, TimeSpan.Zero), last)
            : null;
}

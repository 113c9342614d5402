using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Account;

/// <summary>
/// What happened to a person's account. The audit says it. Events from before the audit are in a table of their own.
/// </summary>
internal sealed class AccountHistory(AuthDbContext database, AuditQueries audit)
{
    // As many as the page showed of them when there was no audit.
    private const int MostOld = 50;

    // Each is a mail that the person has read. More cannot be marked on the page.
    private const int MostDisowned = 100;

    /// <summary>The newest first.</summary>
    /// <param name="behind">The last entry of the page before; null for the first page.</param>
    /// <param name="atMost">Of the audit. The last page has the older entries in addition.</param>
    /// <returns>The entries, and whether there are more.</returns>
    public async Task<(IReadOnlyList<HistoryEntry> Entries, bool HasMore)> ReadAsync(
        Guid person, (DateTimeOffset At, Guid Id)? behind, int atMost, CancellationToken cancellationToken)
    {
        var filter = new AuditFilter { Person = person, Among = [.. SecurityNotices.All.Keys] };
        var disowned = await DisownedAsync(person, cancellationToken);
        var found = new List<HistoryEntry>();
        await foreach (var page in audit.PagesAsync(filter, atMost + 1, cancellationToken, behind))
        {
            found.AddRange(page.Select(row => HistoryEntry.Of(row, disowned)));
        }

        if (found.Count > atMost)
        {
            found.RemoveAt(atMost);
            return (found, true);
        }

        found.AddRange(await OldAsync(person, cancellationToken));
        return (found, false);
    }

    // A node of an earlier version writes no audit, so its rows are older than the first event.
    private async Task<IEnumerable<HistoryEntry>> OldAsync(Guid person, CancellationToken cancellationToken)
    {
        var first = await database.Set<AuditEvent>().MinAsync(entry => (DateTimeOffset?)entry.At, cancellationToken);
        var rows = database.Set<AccountEvent>().AsNoTracking().Where(entry => entry.UserId == person);
        return (await (first is null ? rows : rows.Where(entry => entry.At < first)).OrderByDescending(entry => entry.At).Take(MostOld)
            .ToListAsync(cancellationToken)).Select(HistoryEntry.Of);
    }

    private async Task<HashSet<Guid>> DisownedAsync(Guid person, CancellationToken cancellationToken)
    {
        var changes = await database.Set<AuditEvent>().AsNoTracking()
            .Where(entry => entry.PersonId == person && entry.Action == AuditActions.AccountSecured)
            .OrderByDescending(entry => entry.At).Take(MostDisowned).Select(entry => entry.Changes).ToListAsync(cancellationToken);
        return [.. changes.OfType<string>().Select(AccountRescue.EventOf)];
    }
}

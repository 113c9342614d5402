using AuthServer.Data;
using AuthServer.Sessions;
using AuthServer.SupportCodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

/// <summary>
/// Deletes expired rows in small batches. A batch is two short statements: one reads keys by an index, the other deletes the rows
/// of these keys. So no request waits long for it, and an interrupted run is resumed by the next.
/// </summary>
internal sealed class PruningRun(
    AuthDbContext context, Leases leases, IOptions<PruningOptions> options, IOptions<SupportOptions> support, TimeProvider time)
{
    public const string LeaseName = "pruning";
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(2);

    private readonly Guid owner = Guid.CreateVersion7();
    private DateTimeOffset renewAt;

    /// <param name="report">Counts during the run, so that the numbers are right however the run ends.</param>
    /// <returns>False if another process is pruning. Nothing was done then.</returns>
    public async Task<bool> RunAsync(PruneReport report, CancellationToken cancellationToken)
    {
        if (!await TakeLeaseAsync(cancellationToken))
        {
            return false;
        }

        try
        {
            var due = Due();
            await DeleteSessionsAsync(due, report, cancellationToken);
            await DeleteEventsAsync(due, report, cancellationToken);
            await DeleteAsync(
                due.RevokedTokens.OrderBy(token => token.ExpiresAt).Select(token => token.Id),
                ids => due.RevokedTokens.Where(token => ids.Contains(token.Id)),
                count => report.RevokedTokens += count,
                cancellationToken);
            await DeleteAsync(
                due.SpentValues.OrderBy(value => value.ExpiresAt).Select(value => value.Id),
                ids => due.SpentValues.Where(value => ids.Contains(value.Id)),
                count => report.SpentValues += count,
                cancellationToken);
            await DeleteAsync(
                due.SignInFailures.OrderBy(failures => failures.LastAt).Select(failures => failures.Account),
                accounts => due.SignInFailures.Where(failures => accounts.Contains(failures.Account)),
                count => report.SignInFailures += count,
                cancellationToken);
            await DeleteAsync(
                due.Tokens.OrderBy(token => token.ExpirationDate).Select(token => token.Id),
                ids => due.Tokens.Where(token => ids.Contains(token.Id)),
                count => report.Tokens += count,
                cancellationToken);
            await DeleteAuthorizationsAsync(due, report, cancellationToken);
            await DeleteAsync(
                due.SupportSteps.OrderBy(step => step.At).Select(step => step.Id),
                ids => due.SupportSteps.Where(step => ids.Contains(step.Id)),
                count => report.SupportSteps += count,
                cancellationToken);
            return true;
        }
        finally
        {
            // Also after a cancelled run, so that the next run need not wait for the lease to expire.
            await leases.GiveBackAsync(LeaseName, owner, CancellationToken.None);
        }
    }

    /// <returns>The rows that a run would delete now.</returns>
    public async Task<PruneReport> CountAsync(CancellationToken cancellationToken)
    {
        var due = Due();
        return new PruneReport
        {
            Sessions = await due.Sessions.CountAsync(cancellationToken),
            Events = await due.Events.CountAsync(
                entry => due.LongSessions.Any(session => session.Id == entry.SessionId), cancellationToken),
            RevokedTokens = await due.RevokedTokens.CountAsync(cancellationToken),
            SpentValues = await due.SpentValues.CountAsync(cancellationToken),
            SignInFailures = await due.SignInFailures.CountAsync(cancellationToken),
            Tokens = await due.Tokens.CountAsync(cancellationToken),
            Authorizations = await due.Authorizations.CountAsync(cancellationToken),
            SupportSteps = await due.SupportSteps.CountAsync(cancellationToken),
        };
    }

    private PruningDue Due() => new(context, time.GetUtcNow(), options.Value.Retention, support.Value.Retention);

    private async Task DeleteSessionsAsync(PruningDue due, PruneReport report, CancellationToken cancellationToken)
    {
        var from = DateTimeOffset.MinValue;
        while (await MayGoOnAsync(cancellationToken))
        {
            // Starts where the last batch ended. Otherwise PostgreSQL would step over all index entries of the rows deleted before.
            var batch = await due.Sessions.Where(session => session.ExpiresAt >= from)
                .OrderBy(session => session.ExpiresAt).Take(options.Value.BatchSize)
                .Select(session => new { session.Id, session.ExpiresAt }).ToListAsync(cancellationToken);
            if (batch.Count is 0)
            {
                return;
            }

            from = batch[^1].ExpiresAt;
            var ids = batch.ConvertAll(session => session.Id);
            report.Sessions += await due.Sessions.Where(session => ids.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
            await PauseAsync(cancellationToken);
        }
    }

    // No index leads to old events, because every refresh would have to write it. They are found by session; most sessions have few.
    private async Task DeleteEventsAsync(PruningDue due, PruneReport report, CancellationToken cancellationToken)
    {
        const int EventsOfSession = 10;
        var from = Guid.Empty;
        while (await MayGoOnAsync(cancellationToken))
        {
            var ids = await due.LongSessions.Where(session => session.Id > from).OrderBy(session => session.Id)
                .Take(Math.Max(1, options.Value.BatchSize / EventsOfSession)).Select(session => session.Id).ToListAsync(cancellationToken);
            if (ids.Count is 0)
            {
                return;
            }

            from = ids[^1];
            var counts = await due.Events.Where(entry => ids.Contains(entry.SessionId)).GroupBy(entry => entry.SessionId)
                .Select(entries => new { Session = entries.Key, Count = entries.Count() }).ToListAsync(cancellationToken);
            foreach (var few in Batches.Of(
                counts.Where(session => session.Count <= options.Value.BatchSize), session => session.Count, options.Value.BatchSize))
            {
                var sessions = few.ConvertAll(session => session.Session);
                report.Events += await due.Events.Where(entry => sessions.Contains(entry.SessionId)).ExecuteDeleteAsync(cancellationToken);
                await PauseAsync(cancellationToken);
            }

            foreach (var session in counts.Where(session => session.Count > options.Value.BatchSize))
            {
                await DeleteEventsOfAsync(due.Events.Where(entry => entry.SessionId == session.Session), report, cancellationToken);
            }
        }
    }

    // By time, the order of the key. A batch may be larger than BatchSize, because it includes all events of its last instant.
    private async Task DeleteEventsOfAsync(IQueryable<SessionEvent> events, PruneReport report, CancellationToken cancellationToken)
    {
        while (await MayGoOnAsync(cancellationToken))
        {
            var until = await events.OrderBy(entry => entry.At).Take(options.Value.BatchSize)
                .Select(entry => (DateTimeOffset?)entry.At).MaxAsync(cancellationToken);
            if (until is null)
            {
                return;
            }

            report.Events += await events.Where(entry => entry.At <= until).ExecuteDeleteAsync(cancellationToken);
            await PauseAsync(cancellationToken);
        }
    }

    private async Task DeleteAuthorizationsAsync(PruningDue due, PruneReport report, CancellationToken cancellationToken)
    {
        var from = Guid.Empty;
        while (await MayGoOnAsync(cancellationToken))
        {
            var ids = await due.Authorizations.Where(authorization => authorization.Id > from).OrderBy(authorization => authorization.Id)
                .Take(options.Value.BatchSize).Select(authorization => authorization.Id).ToListAsync(cancellationToken);
            if (ids.Count is 0)
            {
                return;
            }

            from = ids[^1];
            report.Authorizations += await due.Authorizations
                .Where(authorization => ids.Contains(authorization.Id)).ExecuteDeleteAsync(cancellationToken);
            await PauseAsync(cancellationToken);
        }
    }

    private async Task DeleteAsync<TRow, TKey>(
        IQueryable<TKey> due, Func<List<TKey>, IQueryable<TRow>> rows, Action<int> count, CancellationToken cancellationToken)
    {
        while (await MayGoOnAsync(cancellationToken))
        {
            var keys = await due.Take(options.Value.BatchSize).ToListAsync(cancellationToken);
            if (keys.Count is 0)
            {
                return;
            }

            count(await rows(keys).ExecuteDeleteAsync(cancellationToken));
            await PauseAsync(cancellationToken);
        }
    }

    // A node that was suspended for longer than its lease may find another node pruning. It then stops.
    private async Task<bool> MayGoOnAsync(CancellationToken cancellationToken) =>
        time.GetUtcNow() < renewAt || await TakeLeaseAsync(cancellationToken);

    private async Task<bool> TakeLeaseAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!await leases.TryTakeAsync(LeaseName, owner, LeaseDuration, cancellationToken))
        {
            return false;
        }

        renewAt = now + (LeaseDuration / 2);
        return true;
    }

    private Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(options.Value.Pause, time, cancellationToken);
}

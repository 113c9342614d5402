using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.AuditSeals;

/// <summary>
/// Deletes events that are older than the retention of their class, and then the links that no event needs. A signed checkpoint says so
/// before anything is deleted: without it, the verification reports a missing row as a deletion by somebody else.
/// </summary>
internal sealed class AuditPruning(AuthDbContext context, AuditKeys keys, IOptions<AuditOptions> options, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>After a failure, the next run continues.</summary>
    /// <returns>The number of deleted events.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var which in Enum.GetValues<AuditClass>())
        {
            deleted += await DeleteEventsAsync(which, cancellationToken);
        }

        await DeleteLinksAsync(cancellationToken);
        await context.Set<PersonKey>().Where(key => !context.Users.Any(user => user.Id == key.UserId))
            .ExecuteDeleteAsync(cancellationToken);
        return deleted;
    }

    private async Task<int> DeleteEventsAsync(AuditClass which, CancellationToken cancellationToken)
    {
        // Whole days, so that there is one statement a day at most.
        var before = new DateTimeOffset((time.GetUtcNow() - options.Value.RetentionOf(which)).UtcDateTime.Date, TimeSpan.Zero);
        var actions = AuditActions.All.Where(action => AuditActions.ClassOf(action) == which).ToList();
        var due = context.Set<AuditEvent>().Where(entry => entry.At < before && actions.Contains(entry.Action));
        if (!await due.AnyAsync(cancellationToken)
            || await context.LastLinkAsync(cancellationToken) is not { } last)
        {
            return 0;
        }

        var statement = AuditCheckpoint.Of(last, time.GetUtcNow());
        (statement.PrunedClass, statement.PrunedBefore) = (which.ToString(), before);
        await keys.SignAsync(statement, cancellationToken);

        var deleted = 0;
        while (true)
        {
            var ids = await due.OrderBy(entry => entry.At).Take(BatchSize).Select(entry => entry.Id).ToListAsync(cancellationToken);
            if (ids.Count is 0)
            {
                return deleted;
            }

            deleted += await context.Set<AuditEvent>().Where(entry => ids.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    // The links before the first one that is needed, up to a checkpoint. A link is needed if its event is there, or if retention has not
    // deleted the event: then somebody else has, and the verification has to find that.
    private async Task DeleteLinksAsync(CancellationToken cancellationToken)
    {
        var (seals, checkpoints) = (context.Set<AuditSeal>(), context.Set<AuditCheckpoint>());
        var needed = new List<long?>();
        foreach (var which in Enum.GetValues<AuditClass>())
        {
            var name = which.ToString();
            var pruned = await checkpoints.Where(checkpoint => checkpoint.PrunedClass == name)
                .MaxAsync(checkpoint => checkpoint.PrunedBefore, cancellationToken) ?? DateTimeOffset.MinValue;
            needed.Add(await seals
                .Where(seal => seal.Class == name
                    && (seal.At >= pruned || context.Set<AuditEvent>().Any(entry => entry.Id == seal.EventId)))
                .MinAsync(seal => (long?)seal.Sequence, cancellationToken));
        }

        var first = needed.Min();
        var end = await checkpoints.AsNoTracking().Where(checkpoint => first == null || checkpoint.Sequence < first)
            .OrderByDescending(checkpoint => checkpoint.Sequence).FirstOrDefaultAsync(cancellationToken);
        if (end is null || !await seals.AnyAsync(seal => seal.Sequence < end.Sequence, cancellationToken))
        {
            return;
        }

        // The link at the end stays: the chain goes on from it.
        var last = await seals.AsNoTracking().SingleAsync(seal => seal.Sequence == end.Sequence, cancellationToken);
        var statement = AuditCheckpoint.Of(last, time.GetUtcNow());
        statement.PrunedBefore = last.At;
        await keys.SignAsync(statement, cancellationToken);
        await checkpoints.Where(checkpoint => checkpoint.Sequence < end.Sequence).ExecuteDeleteAsync(cancellationToken);
        for (var from = await seals.MinAsync(seal => seal.Sequence, cancellationToken); from < end.Sequence; from += BatchSize)
        {
            var until = Math.Min(from + BatchSize, end.Sequence);
            await seals.Where(seal => seal.Sequence < until).ExecuteDeleteAsync(cancellationToken);
        }
    }
}

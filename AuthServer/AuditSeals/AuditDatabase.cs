using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AuditSeals;

/// <summary>The rows of the database, for <see cref="AuditVerifier"/>.</summary>
internal sealed class AuditDatabase(AuthDbContext context, TimeProvider time) : IAuditSource
{
    private const int BatchSize = 5000;

    public IAsyncEnumerable<AuditKey> KeysAsync(CancellationToken cancellationToken) =>
        context.Set<AuditKey>().AsNoTracking().OrderBy(key => key.Generation).AsAsyncEnumerable();

    public IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken cancellationToken) =>
        context.Set<AuditCheckpoint>().AsNoTracking().OrderBy(checkpoint => checkpoint.Sequence).AsAsyncEnumerable();

    public async IAsyncEnumerable<(AuditSeal Seal, AuditEvent? Event)> LinksAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var last = long.MinValue; ;)
        {
            var batch = await (
                from seal in context.Set<AuditSeal>().AsNoTracking()
                join entry in context.Set<AuditEvent>().AsNoTracking() on seal.EventId equals entry.Id into found
                from entry in found.DefaultIfEmpty()
                where seal.Sequence > last
                orderby seal.Sequence
                select new { Seal = seal, Event = entry }).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var link in batch)
            {
                yield return (link.Seal, link.Event);
            }

            if (batch.Count < BatchSize)
            {
                yield break;
            }

            last = batch[^1].Seal.Sequence;
        }
    }

    public async Task<AuditEvent?> UnsealedAsync(CancellationToken cancellationToken)
    {
        if (await context.Set<AuditSeal>().OrderByDescending(seal => seal.Sequence).Select(seal => (DateTimeOffset?)seal.At)
            .FirstOrDefaultAsync(cancellationToken) is not { } last)
        {
            return null;
        }

        // Neither was written by this program: the sealer leaves them out.
        var (now, after) = (time.GetUtcNow(), time.GetUtcNow() + AuditSealRun.Ahead);
        var before = (last < now ? last : now) - AuditSealRun.Window;
        return await context.Set<AuditEvent>().AsNoTracking()
            .Where(entry => (entry.At < before || entry.At > after) && !context.Set<AuditSeal>().Any(seal => seal.EventId == entry.Id))
            .OrderBy(entry => entry.At).FirstOrDefaultAsync(cancellationToken);
    }
}

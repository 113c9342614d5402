using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.AuditSeals;

/// <summary>One run of the sealer.</summary>
internal sealed partial class AuditSealRun(
    AuthDbContext context, AuditKeys keys, AuditEnd end, TimeProvider time, ILogger<AuditSealRun> logger)
{
    private const int BatchSize = 500;
    private const int MostBetweenCheckpoints = 1000;
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(10);

    /// <summary>True if there is something to seal or to sign, so that a server that nobody uses writes nothing.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken)
    {
        var last = await context.LastLinkAsync(cancellationToken);
        return await Unlinked(AuditLinks.DatesAfter(last, time.GetUtcNow())).AnyAsync(cancellationToken)
            || await IsCheckpointDueAsync(last, cancellationToken);
    }

    /// <exception cref="AuditBrokenException">What this process has sealed is no longer there.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = await context.LastLinkAsync(cancellationToken);
        await RefuseBrokenAsync(last, cancellationToken);
        var (from, _) = AuditLinks.DatesAfter(last, time.GetUtcNow());
        for (var added = BatchSize; added is BatchSize;)
        {
            (last, added) = await SealBatchAsync(last, from, cancellationToken);
            await SignAsync(last, cancellationToken);

            // The batches are in the order of time. What is dated earlier and appears meanwhile is for the next run.
            from = last?.At < time.GetUtcNow() ? last.At : from;
        }
    }

    private async Task<(AuditSeal? Last, int Added)> SealBatchAsync(
        AuditSeal? last, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var (_, to) = AuditLinks.DatesAfter(last, time.GetUtcNow());
        var events = await Unlinked((from, to)).OrderBy(entry => entry.At).ThenBy(entry => entry.Id).Take(BatchSize)
            .ToListAsync(cancellationToken);
        context.ChangeTracker.Clear();
        foreach (var entry in events)
        {
            var seal = new AuditSeal
            {
                Sequence = (last?.Sequence ?? 0) + 1,
                EventId = entry.Id,
                Class = AuditActions.ClassOf(entry.Action).ToString(),
                At = entry.At,
                Leaf = AuditChain.LeafOf(entry),
                Hash = [],
            };
            seal.Hash = AuditChain.HashOf(last?.Hash ?? AuditChain.Start, seal);
            context.Add(seal);
            last = seal;
        }

        await context.SaveChangesAsync(cancellationToken);
        end.Is(last);
        return (last, events.Count);
    }

    // The server must not sign a history that somebody has written anew.
    private async Task RefuseBrokenAsync(AuditSeal? last, CancellationToken cancellationToken)
    {
        if (last is null
            ? end.Known is not null || await context.Set<AuditKey>().AnyAsync(cancellationToken)
            : end.Known is var (sequence, hash) && !await IsThereAsync(sequence, hash, cancellationToken))
        {
            throw new AuditBrokenException();
        }

        end.Is(last);
    }

    // Retention may have deleted it, if another node has sealed for a long time. The verification then looks for the signature.
    private async Task<bool> IsThereAsync(long sequence, byte[] hash, CancellationToken cancellationToken)
    {
        var first = await context.Set<AuditSeal>().AsNoTracking().Where(seal => seal.Sequence >= sequence).OrderBy(seal => seal.Sequence)
            .FirstOrDefaultAsync(cancellationToken);
        return first is not null && first.Sequence == sequence
            ? first.Hash.AsSpan().SequenceEqual(hash)
            : first is not null && !await context.Set<AuditSeal>().AnyAsync(seal => seal.Sequence < sequence, cancellationToken);
    }

    private async Task SignAsync(AuditSeal? last, CancellationToken cancellationToken)
    {
        if (last is null || !await IsCheckpointDueAsync(last, cancellationToken))
        {
            return;
        }

        var checkpoint = await keys.SignAsync(AuditCheckpoint.Of(last, time.GetUtcNow()), cancellationToken);
        var (hash, signature) = (Convert.ToHexStringLower(checkpoint.Hash), Convert.ToBase64String(checkpoint.Signature));
        Log.Signed(logger, checkpoint.Sequence, hash, checkpoint.KeyId, signature);
    }

    private async Task<bool> IsCheckpointDueAsync(AuditSeal? last, CancellationToken cancellationToken)
    {
        var before = await context.Set<AuditCheckpoint>().AsNoTracking().OrderByDescending(checkpoint => checkpoint.Sequence)
            .Select(checkpoint => new { checkpoint.Sequence, checkpoint.At }).FirstOrDefaultAsync(cancellationToken);
        return last is not null
            && (before is null
                || (last.Sequence > before.Sequence
                    && (last.Sequence - before.Sequence >= MostBetweenCheckpoints
                        || time.GetUtcNow() - before.At >= CheckpointInterval)));
    }

    private IQueryable<AuditEvent> Unlinked((DateTimeOffset From, DateTimeOffset To) dates) =>
        context.Unlinked().Where(entry => entry.At >= dates.From && entry.At <= dates.To);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Audit checkpoint {Sequence}: hash {Hash}, signed by {KeyId}: {Signature}")]
        public static partial void Signed(ILogger logger, long sequence, string hash, string keyId, string signature);
    }
}

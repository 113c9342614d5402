using System.Security.Cryptography;
using AuthServer.Audit;

namespace AuthServer.AuditSeals;

/// <summary>What somebody has kept elsewhere: a checkpoint of the log or of an earlier export.</summary>
internal sealed record AuditAnchor(long Sequence, byte[] Hash);

/// <summary>Rows of the database or of an export, each kind in the order of its number.</summary>
internal interface IAuditSource
{
    IAsyncEnumerable<AuditKey> KeysAsync(CancellationToken cancellationToken);

    IAsyncEnumerable<AuditCheckpoint> CheckpointsAsync(CancellationToken cancellationToken);

    /// <summary>Each seal with its event, or null if there is none.</summary>
    IAsyncEnumerable<(AuditSeal Seal, AuditEvent? Event)> LinksAsync(CancellationToken cancellationToken);

    /// <summary>An event that should have a seal and has none; null if there is none.</summary>
    Task<AuditEvent?> UnsealedAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Checks that the audit is as it was written. It finds an edited field, a deleted, inserted or moved row; with an anchor also a missing tail
/// and a history that was sealed anew. It needs the rows and the public keys only.
/// </summary>
/// <param name="trusted">The id of the first key, as it was noted down; null to trust the first one that is there.</param>
internal sealed class AuditVerifier(IAuditSource source, IReadOnlyList<AuditAnchor> anchors, string? trusted)
{
    private readonly Dictionary<string, AuditKey> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<AuditClass, DateTimeOffset> prunedBefore = [];
    private AuditCheckpoint? start;

    /// <summary>The number of links that were checked.</summary>
    public long Checked { get; private set; }

    /// <summary>The number of signatures that were checked.</summary>
    public long Checkpoints { get; private set; }

    public string? FirstKey { get; private set; }

    /// <returns>The first problem, in words that name the row; null if there is none.</returns>
    public async Task<string?> FirstProblemAsync(CancellationToken cancellationToken)
    {
        if (await ProblemOfKeysAsync(cancellationToken) is { } untrusted)
        {
            return untrusted;
        }

        var (checkpoints, problem) = await ReadCheckpointsAsync(cancellationToken);
        problem ??= await ProblemOfLinksAsync(checkpoints, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return await source.UnsealedAsync(cancellationToken) is { } inserted
            ? $"event {inserted.Id}: it has no seal, although it is dated {inserted.At:u}: it was inserted later"
            : null;
    }

    private async Task<string?> ProblemOfKeysAsync(CancellationToken cancellationToken)
    {
        AuditKey? before = null;
        await foreach (var key in source.KeysAsync(cancellationToken))
        {
            if (before is not null
                && (key.Endorsement is not { } endorsement || !Verifies(before, AuditKeys.Statement(key.PublicKey), endorsement)))
            {
                return $"key {key.KeyId}: the key before, {before.KeyId}, has not endorsed it";
            }

            FirstKey ??= key.KeyId;
            keys[key.KeyId] = before = key;
        }

        return trusted is null || trusted == FirstKey ? null : $"key {FirstKey}: it is the first key, and not {trusted}";
    }

    private async Task<(Dictionary<long, AuditCheckpoint> Checkpoints, string? Problem)> ReadCheckpointsAsync(CancellationToken cancellationToken)
    {
        var checkpoints = new Dictionary<long, AuditCheckpoint>();
        await foreach (var checkpoint in source.CheckpointsAsync(cancellationToken))
        {
            if (!keys.TryGetValue(checkpoint.KeyId, out var key)
                || !Verifies(key, AuditChain.Statement(checkpoint), checkpoint.Signature))
            {
                return (checkpoints, $"checkpoint {checkpoint.Sequence}: its signature is wrong");
            }

            if (checkpoints.TryGetValue(checkpoint.Sequence, out var same) && !same.Hash.AsSpan().SequenceEqual(checkpoint.Hash))
            {
                return (checkpoints, $"checkpoint {checkpoint.Sequence}: there are two with different hashes: the history was sealed anew");
            }

            Checkpoints++;
            checkpoints[checkpoint.Sequence] = checkpoint;
            start = checkpoint is { PrunedClass: null, PrunedBefore: not null } ? checkpoint : start;
            if (checkpoint is { PrunedClass: { } pruned, PrunedBefore: { } until }
                && (!prunedBefore.TryGetValue(pruned, out var known) || known < until))
            {
                prunedBefore[pruned] = until;
            }
        }

        return (checkpoints, null);
    }

    private async Task<string?> ProblemOfLinksAsync(
        Dictionary<long, AuditCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        // Retention has deleted the links before this statement, and has signed that it does.
        var (last, before) = start is null ? (0L, AuditChain.Start) : (start.Sequence, start.Hash);
        var open = anchors.ToLookup(anchor => anchor.Sequence);
        await foreach (var (seal, entry) in source.LinksAsync(cancellationToken))
        {
            if (seal.Sequence <= start?.Sequence)
            {
                continue;
            }

            if (seal.Sequence != last + 1)
            {
                return $"link {last + 1}: it is missing";
            }

            if (ProblemOf(seal, entry) is { } problem)
            {
                return $"link {seal.Sequence}, event {seal.EventId}: {problem}";
            }

            before = AuditChain.HashOf(before, seal);
            if (!before.AsSpan().SequenceEqual(seal.Hash))
            {
                return $"link {seal.Sequence}, event {seal.EventId}: the link was changed, or moved";
            }

            last = seal.Sequence;
            Checked++;
            if (checkpoints.TryGetValue(last, out var checkpoint) && !before.AsSpan().SequenceEqual(checkpoint.Hash))
            {
                return $"checkpoint {last}: the chain had another hash when it was signed";
            }

            if (open[last].Any(anchor => !before.AsSpan().SequenceEqual(anchor.Hash)))
            {
                return $"link {last}: the anchor has another hash: the history was sealed anew";
            }
        }

        // An anchor that is older than what retention has deleted proves nothing any more.
        return checkpoints.Keys.Concat(anchors.Select(anchor => anchor.Sequence)).Where(sequence => sequence > last).Order().ToList()
            is [var missing, ..]
            ? $"link {last + 1}: it is missing: a checkpoint or an anchor knows {missing} links"
            : null;
    }

    private string? ProblemOf(AuditSeal seal, AuditEvent? entry)
    {
        if (entry is null)
        {
            return prunedBefore.TryGetValue(seal.Class, out var until) && seal.At < until ? null : "the event was deleted";
        }

        return !AuditChain.LeafOf(entry).AsSpan().SequenceEqual(seal.Leaf) ? "the event was changed"
            : seal.Class != AuditActions.ClassOf(entry.Action) || seal.At.ToUnixTimeMilliseconds() != entry.At.ToUnixTimeMilliseconds()
                ? "the link does not fit its event"
            : null;
    }

    private static bool Verifies(AuditKey key, byte[] statement, byte[] signature)
    {
        using var verifier = ECDsa.Create();
        try
        {
            verifier.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
            return verifier.VerifyData(statement, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Keys;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.AuditSeals;

/// <summary>A checkpoint that was kept elsewhere, such as in the log.</summary>
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
/// Checks that the audit is as it was written. It finds an edited field, a deleted, inserted or moved row; with an anchor also a missing
/// tail and a history that was sealed anew. It needs the rows and the public keys only.
/// </summary>
/// <param name="trusted">
/// The ids of keys that were noted down: of the first, and of any that replaced a lost one. Empty to trust the first one that is there.
/// </param>
internal sealed class AuditVerifier(IAuditSource source, IReadOnlyList<AuditAnchor> anchors, IReadOnlyList<string> trusted)
{
    // The log of a year has thousands of them, and each link asks.
    private readonly ILookup<long, AuditAnchor> anchorsAt = anchors.ToLookup(anchor => anchor.Sequence);
    private readonly Dictionary<string, AuditKey> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<long, AuditCheckpoint> checkpoints = [];
    private readonly Dictionary<string, DateTimeOffset> prunedBefore = new(StringComparer.Ordinal);
    private AuditCheckpoint? start;

    /// <summary>The number of links that were checked.</summary>
    public long Checked { get; private set; }

    /// <summary>The number of signatures that were checked.</summary>
    public int Checkpoints { get; private set; }

    /// <summary>The number of anchors that were compared. Those before what retention has deleted cannot be.</summary>
    public int Anchors { get; private set; }

    public string? FirstKey { get; private set; }

    /// <returns>The first problem, in words that name the row; null if there is none.</returns>
    public async Task<string?> FirstProblemAsync(CancellationToken cancellationToken)
    {
        var problem = await ProblemOfKeysAsync(cancellationToken)
            ?? await ProblemOfCheckpointsAsync(cancellationToken)
            ?? await ProblemOfLinksAsync(cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (anchorsAt.Count > 0 && Anchors is 0)
        {
            return "no anchor could be compared: all are older than what retention has deleted";
        }

        return await source.UnsealedAsync(cancellationToken) is { } inserted
            ? $"event {inserted.Id}: it has no link, although it is dated {inserted.At:u}: it was inserted later"
            : null;
    }

    private async Task<string?> ProblemOfKeysAsync(CancellationToken cancellationToken)
    {
        AuditKey? before = null;
        await foreach (var key in source.KeysAsync(cancellationToken))
        {
            if (ProblemOf(key, before) is { } problem)
            {
                return $"key {key.KeyId}: {problem}";
            }

            FirstKey ??= key.KeyId;
            keys[key.KeyId] = before = key;
        }

        return null;
    }

    private string? ProblemOf(AuditKey key, AuditKey? before)
    {
        if (key.Generation != (before?.Generation ?? 0) + 1)
        {
            return "it is not the next of the keys";
        }

        if (ThumbprintOf(key) != key.KeyId)
        {
            return "the public key does not match the id";
        }

        var isEndorsed = before is not null && key.Endorsement is { } endorsement
            && Verifies(before, AuditKeys.Statement(key.PublicKey), endorsement);
        return isEndorsed || trusted.Contains(key.KeyId) || (before is null && trusted.Count is 0) ? null
            : before is null ? "it is the first key, and not one that is trusted"
            : $"the key before, {before.KeyId}, has not endorsed it";
    }

    private async Task<string?> ProblemOfCheckpointsAsync(CancellationToken cancellationToken)
    {
        await foreach (var checkpoint in source.CheckpointsAsync(cancellationToken))
        {
            if (!keys.TryGetValue(checkpoint.KeyId, out var key)
                || !Verifies(key, AuditChain.Statement(checkpoint), checkpoint.Signature))
            {
                return $"checkpoint {checkpoint.Sequence}: its signature is wrong";
            }

            if (checkpoints.TryGetValue(checkpoint.Sequence, out var same) && !same.Hash.AsSpan().SequenceEqual(checkpoint.Hash))
            {
                return $"checkpoint {checkpoint.Sequence}: there are two with different hashes: the history was sealed anew";
            }

            Checkpoints++;
            checkpoints[checkpoint.Sequence] = checkpoint;
            if (checkpoint.PrunedBefore is { } until && ProblemOfPruning(checkpoint, until) is { } problem)
            {
                return $"checkpoint {checkpoint.Sequence}: {problem}";
            }
        }

        return null;
    }

    private string? ProblemOfPruning(AuditCheckpoint checkpoint, DateTimeOffset until)
    {
        var least = checkpoint.PrunedClass is nameof(AuditClass.Change) ? AuditOptions.LeastOfChanges : AuditOptions.LeastOfActivity;
        if (until > checkpoint.At - least)
        {
            return "it says that retention has deleted what it may not delete yet";
        }

        if (checkpoint.PrunedClass is null)
        {
            start = checkpoint;
        }
        else if (!prunedBefore.TryGetValue(checkpoint.PrunedClass, out var known) || known < until)
        {
            prunedBefore[checkpoint.PrunedClass] = until;
        }

        return null;
    }

    private async Task<string?> ProblemOfLinksAsync(CancellationToken cancellationToken)
    {
        // Retention has deleted the links before this statement, and has signed that it does.
        var (last, before) = start is null ? (0L, AuditChain.Start) : (start.Sequence, start.Hash);
        if (ProblemOfAnchors(last, before) is { } changed)
        {
            return changed;
        }

        await foreach (var (seal, entry) in source.LinksAsync(cancellationToken))
        {
            if (seal.Sequence <= (start?.Sequence ?? 0))
            {
                // Retention was interrupted while it deleted them; it deletes the events first.
                if (seal.Sequence < 1 || entry is not null)
                {
                    return $"link {seal.Sequence}, event {seal.EventId}: it was inserted";
                }

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

            if (ProblemOfAnchors(last, before) is { } anew)
            {
                return anew;
            }
        }

        return checkpoints.Keys.Concat(anchorsAt.Select(anchor => anchor.Key)).Where(sequence => sequence > last).Order().ToList()
            is [var missing, ..]
            ? $"link {last + 1}: it is missing: a checkpoint or an anchor has link {missing}"
            : null;
    }

    private string? ProblemOfAnchors(long sequence, byte[] hash)
    {
        foreach (var anchor in anchorsAt[sequence])
        {
            Anchors++;
            if (!hash.AsSpan().SequenceEqual(anchor.Hash))
            {
                return $"link {sequence}: the anchor has another hash: the history was sealed anew";
            }
        }

        return null;
    }

    private string? ProblemOf(AuditSeal seal, AuditEvent? entry)
    {
        if (entry is null)
        {
            return prunedBefore.TryGetValue(seal.Class, out var until) && seal.At < until ? null : "the event was deleted";
        }

        return !AuditChain.LeafOf(entry).AsSpan().SequenceEqual(seal.Leaf) ? "the event was changed"
            : seal.Class != AuditActions.ClassOf(entry.Action).ToString()
                || seal.At.ToUnixTimeMilliseconds() != entry.At.ToUnixTimeMilliseconds()
                ? "the link does not fit its event"
            : null;
    }

    private static string? ThumbprintOf(AuditKey key)
    {
        using var verifier = ECDsa.Create();
        try
        {
            verifier.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
            return KeyMaterial.ThumbprintOf(new ECDsaSecurityKey(verifier));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool Verifies(AuditKey key, byte[] statement, byte[]? signature)
    {
        using var verifier = ECDsa.Create();
        try
        {
            verifier.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
            return signature is not null && verifier.VerifyData(statement, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

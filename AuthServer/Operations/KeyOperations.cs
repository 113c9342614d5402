using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Operations;

/// <summary>A key that signs or encrypts tokens, without its material.</summary>
/// <param name="Id">The <c>kid</c>.</param>
/// <param name="Algorithm">The <c>alg</c> of RFC 7518.</param>
/// <param name="State"><c>announced</c>, <c>active</c>, <c>retired</c> or <c>revoked</c>.</param>
/// <param name="ActiveFrom">From then on it signs or encrypts.</param>
/// <param name="EndsAt">When it will be deleted; null while it is active or announced.</param>
internal sealed record KeyView(
    string Id, string Algorithm, string State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset? RevokedAt,
    DateTimeOffset? EndsAt);

/// <summary>What operators do with keys. Running nodes see a change at their next look at the database.</summary>
internal sealed class KeyOperations(AuthDbContext context, KeyRotation rotation, TimeProvider time)
{
    /// <summary>In the order of algorithms, and then in the order in which the keys become active.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(CancellationToken cancellationToken)
    {
        var schedule = new KeySchedule(await context.Keys.Select(KeyEntry.OfRow).ToListAsync(cancellationToken));
        var now = time.GetUtcNow();
        return
        [
            .. schedule.Entries.OrderBy(entry => entry.Algorithm, StringComparer.Ordinal).Select(entry => new KeyView(
                entry.KeyId,
                entry.Algorithm,
                schedule.StateOf(entry, now).ToString().ToLowerInvariant(),
                entry.CreatedAt,
                entry.ActiveFrom,
                entry.RevokedAt,
                rotation.EndsAt(schedule, entry))),
        ];
    }

    /// <exception cref="OperationException">There is no such key.</exception>
    public async Task<KeyView> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).SingleOrDefault(key => key.Id == id)
        ?? throw new OperationException(OperationFault.NotFound, $"There is no key '{id}'.");

    /// <summary>Creates the next key ahead of schedule.</summary>
    /// <param name="algorithm">It need not be in use yet; null for all algorithms in use.</param>
    /// <param name="soon">True to use the key as soon as every node knows it, without the announcement time.</param>
    /// <returns>The next keys.</returns>
    /// <exception cref="OperationException">There are no keys of the algorithm.</exception>
    public async Task<IReadOnlyList<KeyView>> RotateAsync(string? algorithm, bool soon, CancellationToken cancellationToken)
    {
        if (algorithm is not null and not KeyMaterial.TokenEncryption && !SigningAlgorithms.All.Contains(algorithm))
        {
            var known = string.Join(", ", SigningAlgorithms.All.Append(KeyMaterial.TokenEncryption));
            throw new OperationException(
                OperationFault.Invalid, $"There are no keys of '{algorithm}'; it must be one of {known}.", "algorithm");
        }

        var next = new List<string>();
        foreach (var each in algorithm is null ? rotation.Algorithms : [algorithm])
        {
            next.Add((await rotation.RotateAsync(context, each, soon, cancellationToken)).KeyId);
        }

        return [.. (await ListAsync(cancellationToken)).Where(key => next.Contains(key.Id))];
    }

    /// <summary>Revokes a key. If it is active, the announced key or a new key replaces it at once.</summary>
    /// <returns>The active key of the same algorithm; null if the algorithm is not in use.</returns>
    /// <exception cref="OperationException">There is no such key.</exception>
    public async Task<KeyView?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        var key = await context.Keys.Where(row => row.KeyId == id).Select(KeyEntry.OfRow).SingleOrDefaultAsync(cancellationToken)
            ?? throw new OperationException(OperationFault.NotFound, $"There is no key '{id}'.");
        await rotation.RevokeAsync(context, key, cancellationToken);
        return (await ListAsync(cancellationToken)).FirstOrDefault(one => one.Algorithm == key.Algorithm && one.State is "active");
    }
}

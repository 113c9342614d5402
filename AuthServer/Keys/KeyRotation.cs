using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>
/// Writes the table of keys: changes that are due by the clock, and changes that an operator asks for. Several nodes and commands may write
/// at once, because the unique index on algorithm and generation decides which of two new keys is the next.
/// </summary>
internal sealed partial class KeyRotation(
    KeyProtection protection, IOptions<KeysOptions> options, IOptions<ConnectOptions> connect, TimeProvider time,
    ILogger<KeyRotation> logger)
{
    private const int MostAttempts = 5;

    /// <summary>The algorithms in use. Each of them always has an active key.</summary>
    public IReadOnlyList<string> Algorithms => [.. connect.Value.SigningAlgorithms, KeyMaterial.TokenEncryption];

    public bool IsUsed(string algorithm) => Algorithms.Contains(algorithm, StringComparer.Ordinal);

    /// <summary>When the key will be deleted; null while it is active or announced.</summary>
    public DateTimeOffset? EndsAt(KeySchedule schedule, KeyEntry entry) =>
        schedule.EndsAt(entry, IsUsed(entry.Algorithm), time.GetUtcNow(), options.Value);

    /// <summary>Creates the keys that are due, and deletes the keys that no valid token needs.</summary>
    /// <returns>True if the table may have changed.</returns>
    public async Task<bool> CatchUpAsync(AuthDbContext context, KeySchedule schedule, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = Algorithms.Where(algorithm => schedule.IsNextDue(algorithm, now, options.Value)).ToList();
        var over = schedule.Entries.Where(entry => EndsAt(schedule, entry) <= now).ToList();
        if (due.Count is 0 && over.Count is 0)
        {
            return false;
        }

        var lifetimes = await KeyLifetimes.ReadAsync(context, connect.Value, cancellationToken);
        foreach (var algorithm in due)
        {
            var from = schedule.Active(algorithm, now) is null ? now : now + options.Value.AnnouncementTime;
            await AddAsync(context, Create(schedule, algorithm, from, lifetimes), cancellationToken);
        }

        await DeleteAsync(context, over, lifetimes, cancellationToken);
        return true;
    }

    /// <summary>
    /// Records the longest lifetime of the tokens that each key makes now. The key is then kept that long, even if the settings change.
    /// </summary>
    public async Task MeasureAsync(AuthDbContext context, KeySchedule schedule, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lifetimes = await KeyLifetimes.ReadAsync(context, connect.Value, cancellationToken);
        foreach (var entry in schedule.Entries.Where(entry => schedule.StateOf(entry, now) is KeyState.Active or KeyState.Announced))
        {
            await RaiseAsync(context, entry, lifetimes, cancellationToken);
        }
    }

    /// <summary>Creates the next key ahead of schedule. If one is already announced, it becomes active earlier instead.</summary>
    /// <param name="soon">True to use the key as soon as every node knows it, without the announcement time.</param>
    /// <returns>The next key.</returns>
    public Task<KeyEntry> RotateAsync(AuthDbContext context, string algorithm, bool soon, CancellationToken cancellationToken) =>
        ChangeAsync(context, algorithm, (rows, schedule, lifetimes) =>
        {
            var now = time.GetUtcNow();
            var isMissing = IsUsed(algorithm) && schedule.Active(algorithm, now) is null;
            var from = isMissing ? now : now + (soon ? options.Value.Spread : options.Value.AnnouncementTime);
            if (schedule.Announced(algorithm, now) is not { } announced)
            {
                return context.Keys.Add(Create(schedule, algorithm, from, lifetimes)).Entity;
            }

            var row = rows.Single(row => row.Id == announced.Id);
            row.ActiveFrom = from < row.ActiveFrom ? from : row.ActiveFrom;
            return row;
        }, cancellationToken);

    /// <summary>Revokes a key. If it is active, the announced key or a new key replaces it at once.</summary>
    public Task<KeyEntry> RevokeAsync(AuthDbContext context, KeyEntry entry, CancellationToken cancellationToken) =>
        ChangeAsync(context, entry.Algorithm, (rows, schedule, lifetimes) =>
        {
            var now = time.GetUtcNow();
            var row = rows.Single(row => row.Id == entry.Id);
            var needsSuccessor = IsUsed(entry.Algorithm) && schedule.Active(entry.Algorithm, now)?.Id == entry.Id;
            row.RevokedAt ??= now;
            if (needsSuccessor && schedule.Announced(entry.Algorithm, now) is { } announced && announced.Id != entry.Id)
            {
                rows.Single(row => row.Id == announced.Id).ActiveFrom = now;
            }
            else if (needsSuccessor)
            {
                context.Keys.Add(Create(schedule, entry.Algorithm, now, lifetimes));
            }

            return row;
        }, cancellationToken);

    private StoredKey Create(KeySchedule schedule, string algorithm, DateTimeOffset from, KeyLifetimes lifetimes)
    {
        var key = KeyMaterial.Create(algorithm, schedule.NextGeneration(algorithm), protection.Protector, time.GetUtcNow(), from);
        key.LongestLifetime = lifetimes.Longest(algorithm);
        return key;
    }

    // If another node was first, the caller reads that node's key.
    private async Task AddAsync(AuthDbContext context, StoredKey key, CancellationToken cancellationToken)
    {
        var entry = context.Keys.Add(key);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            Log.Created(logger, key.Algorithm, key.KeyId, key.ActiveFrom);
        }
        catch (DbUpdateException)
        {
            entry.State = EntityState.Detached;
            if (!await context.Keys.AnyAsync(
                other => other.Algorithm == key.Algorithm && other.Generation == key.Generation, cancellationToken))
            {
                throw;
            }
        }
    }

    // If a token lifetime has become longer, the key may already have made such tokens. It is then kept for that lifetime.
    private async Task DeleteAsync(AuthDbContext context, List<KeyEntry> over, KeyLifetimes lifetimes, CancellationToken cancellationToken)
    {
        foreach (var entry in over)
        {
            if (!await RaiseAsync(context, entry, lifetimes, cancellationToken)
                && await context.RecordAsync(
                    token => context.Keys.Where(key => key.Id == entry.Id).ExecuteDeleteAsync(token),
                    new AuditFact(AuditActions.KeyDeleted, AuditTarget.Key(entry.KeyId), "expired"),
                    cancellationToken) > 0)
            {
                Log.Deleted(logger, entry.Algorithm, entry.KeyId);
            }
        }
    }

    private static async Task<bool> RaiseAsync(
        AuthDbContext context, KeyEntry entry, KeyLifetimes lifetimes, CancellationToken cancellationToken)
    {
        var longest = lifetimes.Longest(entry.Algorithm);
        if (longest <= entry.LongestLifetime)
        {
            return false;
        }

        await context.Keys.Where(key => key.Id == entry.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.LongestLifetime, longest), cancellationToken);
        return true;
    }

    private async Task<KeyEntry> ChangeAsync(
        AuthDbContext context,
        string algorithm,
        Func<List<StoredKey>, KeySchedule, KeyLifetimes, StoredKey> change,
        CancellationToken cancellationToken)
    {
        protection.Open();
        var lifetimes = await KeyLifetimes.ReadAsync(context, connect.Value, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            context.ChangeTracker.Clear();
            var rows = await context.Keys.Where(key => key.Algorithm == algorithm).ToListAsync(cancellationToken);
            var changed = change(rows, new KeySchedule(rows.Select(row => row.ToEntry())), lifetimes);
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return changed.ToEntry();
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another node has created the same generation meanwhile.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Created the {Algorithm} key {KeyId}, in use from {ActiveFrom:u}")]
        public static partial void Created(ILogger logger, string algorithm, string keyId, DateTimeOffset activeFrom);

        [LoggerMessage(Level = LogLevel.Information, Message = "Deleted the {Algorithm} key {KeyId}: no valid token needs it")]
        public static partial void Deleted(ILogger logger, string algorithm, string keyId);
    }
}

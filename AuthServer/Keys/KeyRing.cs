using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>
/// The issuer's keys. They are created at the first start and are the same on every node of one database. They are loaded before anything
/// is signed, and refreshed while the server runs. Readers see one consistent state, which is replaced as a whole.
/// </summary>
internal sealed partial class KeyRing(
    IServiceScopeFactory scopes,
    KeyProtection protection,
    KeyRotation rotation,
    IOptions<KeysOptions> options,
    TimeProvider time,
    ILogger<KeyRing> logger) : IDisposable
{
    /// <summary>Tokens with invented key ids cause at most one look at the database in this time, however many come.</summary>
    public static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock looking = new();
    private Task look = Task.CompletedTask;
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private long refreshedAt;
    private volatile bool isAway;
    private volatile Snapshot? snapshot;
    private volatile CancellationTokenSource changed = new();

    private sealed record Snapshot(KeySchedule Schedule, IReadOnlyDictionary<string, SecurityKey> Keys)
    {
        public IReadOnlyList<SigningCredentials> Signing { get; } =
            [.. Held(Schedule, Keys).Where(held => held.Entry.Algorithm is not KeyMaterial.TokenEncryption)
                .Select(held => Sign(held.Entry, held.Key))];

        public IReadOnlyList<EncryptingCredentials> Encryption { get; } =
            [.. Held(Schedule, Keys).Where(held => held.Entry.Algorithm is KeyMaterial.TokenEncryption)
                .Select(held => Encrypt(held.Entry, held.Key))];

        private static IEnumerable<(KeyEntry Entry, SecurityKey Key)> Held(
            KeySchedule schedule, IReadOnlyDictionary<string, SecurityKey> keys) =>
            schedule.Entries.Reverse().Where(entry => keys.ContainsKey(entry.KeyId)).Select(entry => (entry, keys[entry.KeyId]));

        private static SigningCredentials Sign(KeyEntry entry, SecurityKey key) => new(key, entry.Algorithm);

        private static EncryptingCredentials Encrypt(KeyEntry entry, SecurityKey key) =>
            new(key, entry.Algorithm, SecurityAlgorithms.Aes256CbcHmacSha512);
    }

    public bool IsLoaded => snapshot is not null;

    /// <summary>All keys that verify signatures: announced, active and retired, the newest first.</summary>
    public IReadOnlyList<SigningCredentials> Signing => Loaded.Signing;

    /// <summary>All keys that decrypt tokens, the newest first.</summary>
    public IReadOnlyList<EncryptingCredentials> Encryption => Loaded.Encryption;

    public KeySchedule Schedule => Loaded.Schedule;

    /// <summary>Fires once, when <see cref="Signing"/> or <see cref="Encryption"/> changes.</summary>
    public IChangeToken Change => new CancellationChangeToken(changed.Token);

    private Snapshot Loaded => snapshot ?? throw new InvalidOperationException("The key ring is used before it is loaded.");

    /// <summary>The key that signs now.</summary>
    /// <param name="algorithm">One of those in the settings.</param>
    public SigningCredentials ActiveSigning(string algorithm)
    {
        var ring = Loaded;
        var active = ring.Schedule.Active(algorithm, time.GetUtcNow());
        return ring.Signing.First(credentials => credentials.Key.KeyId == active?.KeyId);
    }

    /// <summary>The key that encrypts now.</summary>
    public EncryptingCredentials ActiveEncryption()
    {
        var ring = Loaded;
        var active = ring.Schedule.Active(KeyMaterial.TokenEncryption, time.GetUtcNow());
        return ring.Encryption.First(credentials => credentials.Key.KeyId == active?.KeyId);
    }

    /// <summary>
    /// The key that encrypted at an instant, the same on every node and after every rotation. If that key is revoked or deleted, the active
    /// key takes its place. For an instant before the first key it is the first key.
    /// </summary>
    public SymmetricSecurityKey EncryptionKeyAt(DateTimeOffset instant)
    {
        var entry = Loaded.Schedule.ActiveAt(KeyMaterial.TokenEncryption, instant);
        return (entry is null ? null : EncryptionKey(entry.KeyId)) ?? (SymmetricSecurityKey)ActiveEncryption().Key;
    }

    /// <returns>An encryption key that is announced, active or retired; null if it is revoked, deleted or unknown.</returns>
    public SymmetricSecurityKey? EncryptionKey(string keyId) => Loaded.Keys.GetValueOrDefault(keyId) as SymmetricSecurityKey;

    /// <summary>Must be called before anything is signed. Creates the keys that are missing.</summary>
    /// <exception cref="CryptographicException">The keys in the database are protected by another certificate.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        protection.Open();
        await RefreshAsync(cancellationToken);
        Log.Loaded(logger, Loaded.Keys.Count);
    }

    /// <summary>
    /// Looks in the database for a key that this node does not know yet. After a revocation, other nodes may already sign with it.
    /// </summary>
    /// <returns>True if the key is known now and was not before.</returns>
    public async ValueTask<bool> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Loaded.Keys.ContainsKey(keyId))
        {
            return false;
        }

        try
        {
            await LookAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
            if (!Loaded.Keys.ContainsKey(keyId))
            {
                // That look may have begun before the token came.
                await LookAsync(UnknownKeyInterval).WaitAsync(cancellationToken);
            }
        }
        catch (CryptographicException)
        {
            // This node cannot decrypt a key. KeyWatch logs that, and the tokens of the key are refused here.
        }

        return Loaded.Keys.ContainsKey(keyId);
    }

    /// <summary>Refreshes the keys if that is overdue. Does nothing if the last refresh failed.</summary>
    public async ValueTask EnsureFreshAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 2
            && !isAway
            && time.GetElapsedTime(Volatile.Read(ref refreshedAt)) > options.Value.LongestAge; attempt++)
        {
            await LookAsync(TimeSpan.Zero).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Creates and deletes the keys that are due, then loads the keys of the database.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        var (began, succeeded) = (time.GetTimestamp(), false);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            var read = await ReadAsync(context, cancellationToken);
            if (await rotation.CatchUpAsync(context, read.Schedule, cancellationToken))
            {
                read = await ReadAsync(context, cancellationToken);
            }

            Use(read);
            Volatile.Write(ref refreshedAt, began);
            succeeded = true;
        }
        finally
        {
            isAway = !succeeded;
            turn.Release();
        }
    }

    public void Dispose()
    {
        turn.Dispose();
        changed.Dispose();
    }

    // Only one look runs at a time, and all callers wait for it. None begins if the last one began less than minimumAge ago.
    private Task LookAsync(TimeSpan minimumAge)
    {
        lock (looking)
        {
            if (look.IsCompleted && time.GetUtcNow() - lookedAt >= minimumAge)
            {
                lookedAt = time.GetUtcNow();
                look = RefreshAsync(CancellationToken.None);
            }

            return look;
        }
    }

    // One query at the start, then one query of few columns while nothing changes. The material of a key is read only once.
    private async Task<Snapshot> ReadAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        var known = snapshot?.Keys ?? new Dictionary<string, SecurityKey>();
        var rows = snapshot is null ? await context.Keys.AsNoTracking().ToListAsync(cancellationToken) : null;
        var entries = rows?.ConvertAll(row => row.ToEntry()) ?? await context.Keys.Select(KeyEntry.OfRow).ToListAsync(cancellationToken);

        var valid = entries.Where(entry => entry.RevokedAt is null).Select(entry => entry.KeyId).ToList();
        var unknown = valid.Where(id => !known.ContainsKey(id)).ToList();
        if (rows is null && unknown.Count > 0)
        {
            rows = await context.Keys.AsNoTracking().Where(key => unknown.Contains(key.KeyId)).ToListAsync(cancellationToken);
        }

        var keys = valid.Where(known.ContainsKey).ToDictionary(id => id, id => known[id], StringComparer.Ordinal);
        foreach (var row in rows ?? [])
        {
            if (unknown.Contains(row.KeyId))
            {
                keys[row.KeyId] = KeyMaterial.Read(row, protection.Protector);
            }
        }

        return new Snapshot(new KeySchedule(entries), keys);
    }

    private void Use(Snapshot read)
    {
        var before = snapshot;
        snapshot = read;
        if (before is null || before.Keys.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(read.Keys.Keys))
        {
            return;
        }

        Log.Changed(logger, read.Keys.Count);
        var fired = changed;
        changed = new CancellationTokenSource();
        fired.Cancel();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Count} keys")]
        public static partial void Loaded(ILogger logger, int count);

        [LoggerMessage(Level = LogLevel.Information, Message = "The keys have changed: there are {Count} now")]
        public static partial void Changed(ILogger logger, int count);
    }
}

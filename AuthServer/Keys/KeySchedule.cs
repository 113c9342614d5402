namespace AuthServer.Keys;

/// <summary>
/// Computes the state of each key from its instants and the clock alone, so nodes that see the same rows agree without messages.
/// A key is active from its <see cref="KeyEntry.ActiveFrom"/> until the <see cref="KeyEntry.ActiveFrom"/> of the next key.
/// </summary>
internal sealed class KeySchedule(IEnumerable<KeyEntry> keys)
{
    private readonly KeyEntry[] entries = [.. keys.OrderBy(key => key.ActiveFrom).ThenBy(key => key.Generation)];

    /// <summary>In the order in which they become active.</summary>
    public IReadOnlyList<KeyEntry> Entries => entries;

    /// <summary>The key that signs or encrypts. If none is active yet, the first that will be. Null if there is no usable key.</summary>
    public KeyEntry? Active(string algorithm, DateTimeOffset now)
    {
        KeyEntry? active = null;
        foreach (var entry in Of(algorithm))
        {
            if (entry.RevokedAt is null && (active is null || entry.ActiveFrom <= now))
            {
                active = entry;
            }
        }

        return active;
    }

    /// <summary>
    /// The key that signed or encrypted at an instant, even if it has been revoked since. For an instant before the first key it is the
    /// first key. Null if the key has been deleted.
    /// </summary>
    public KeyEntry? ActiveAt(string algorithm, DateTimeOffset instant)
    {
        var first = Of(algorithm).FirstOrDefault();
        return Of(algorithm).LastOrDefault(entry => entry.ActiveFrom <= instant && WasActive(entry) && !(entry.RevokedAt <= instant))
            ?? (first?.Generation is 1 ? first : null);
    }

    /// <summary>The next key, or null.</summary>
    public KeyEntry? Announced(string algorithm, DateTimeOffset now) => Array.Find(
        entries, entry => entry.Algorithm == algorithm && StateOf(entry, now) is KeyState.Announced);

    public KeyState StateOf(KeyEntry entry, DateTimeOffset now) =>
        entry.RevokedAt is not null ? KeyState.Revoked
        : entry.ActiveFrom > now ? KeyState.Announced
        : entry == Active(entry.Algorithm, now) ? KeyState.Active
        : KeyState.Retired;

    public int NextGeneration(string algorithm) => 1 + Of(algorithm).Select(entry => entry.Generation).DefaultIfEmpty().Max();

    /// <summary>True if a key must be created now: there is no usable one, or it is time to announce the next.</summary>
    public bool IsNextDue(string algorithm, DateTimeOffset now, KeysOptions options) =>
        Active(algorithm, now) is not { } active
        || (Announced(algorithm, now) is null && active.ActiveFrom + options.RotationInterval - options.AnnouncementTime <= now);

    /// <summary>
    /// The instant after which no token that the key has signed or encrypted is valid; null while it is active or announced.
    /// </summary>
    /// <param name="isUsed">
    /// True if the algorithm is in the settings. A key of another algorithm gets no successor, and retires when one would have been due.
    /// </param>
    public DateTimeOffset? EndsAt(KeyEntry entry, bool isUsed, DateTimeOffset now, KeysOptions options)
    {
        if (isUsed && StateOf(entry, now) is KeyState.Active or KeyState.Announced)
        {
            return null;
        }

        var last = entry.RevokedAt ?? RetiredAt(entry) ?? entry.ActiveFrom + options.RotationInterval;
        return last + entry.LongestLifetime + options.Overlap;
    }

    private DateTimeOffset? RetiredAt(KeyEntry entry) =>
        Of(entry.Algorithm).SkipWhile(other => other != entry).Skip(1).FirstOrDefault(WasActive)?.ActiveFrom;

    private IEnumerable<KeyEntry> Of(string algorithm) => entries.Where(entry => entry.Algorithm == algorithm);

    private static bool WasActive(KeyEntry entry) => !(entry.RevokedAt <= entry.ActiveFrom);
}

namespace AuthServer.Keys;

/// <summary>
/// What the keys are for, as a function of their instants and the clock alone: nodes that see the same rows agree without
/// a message. A key signs from its <see cref="KeyEntry.ActiveFrom"/> until that of the next.
/// </summary>
internal sealed class KeySchedule(IEnumerable<KeyEntry> keys)
{
    private readonly KeyEntry[] entries = [.. keys.OrderBy(key => key.ActiveFrom).ThenBy(key => key.Generation)];

    /// <summary>The first to become active comes first.</summary>
    public IReadOnlyList<KeyEntry> Entries => entries;

    /// <summary>The key that signs or encrypts. Where none has begun to, the first that will; null where there is none to use.</summary>
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

    /// <summary>The key that did so at an instant, whatever has become of it; null when it is not there any more.</summary>
    public KeyEntry? ActiveAt(string algorithm, DateTimeOffset instant)
    {
        var first = Of(algorithm).FirstOrDefault();
        return Of(algorithm).LastOrDefault(entry => entry.ActiveFrom <= instant && WasActive(entry) && !(entry.RevokedAt <= instant))
            ?? (first?.Generation is 1 ? first : null);
    }

    /// <summary>The key that comes next.</summary>
    public KeyEntry? Announced(string algorithm, DateTimeOffset now) => Array.Find(
        entries, entry => entry.Algorithm == algorithm && StateOf(entry, now) is KeyState.Announced);

    public KeyState StateOf(KeyEntry entry, DateTimeOffset now) =>
        entry.RevokedAt is not null ? KeyState.Revoked
        : entry.ActiveFrom > now ? KeyState.Announced
        : entry == Active(entry.Algorithm, now) ? KeyState.Active
        : KeyState.Retired;

    public int NextGeneration(string algorithm) => 1 + Of(algorithm).Select(entry => entry.Generation).DefaultIfEmpty().Max();

    /// <summary>Whether the next key has to be made now: there is none to use, or it has to be announced.</summary>
    public bool IsNextDue(string algorithm, DateTimeOffset now, KeysOptions options) =>
        Active(algorithm, now) is not { } active
        || (Announced(algorithm, now) is null && active.ActiveFrom + options.RotationInterval - options.AnnouncementTime <= now);

    /// <summary>From when nothing can be alive that the key has signed or encrypted; null while it goes on doing so.</summary>
    /// <param name="isUsed">The algorithm is in the settings. A key of another one is not followed by a next, and retires when that would be due.</param>
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

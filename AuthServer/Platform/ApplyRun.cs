using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>One pass over a platform file: a rehearsal, which only reads, or the real one.</summary>
/// <param name="keep">False for a rehearsal.</param>
/// <param name="recreate">The ids of apps and the keys of users that are made again though they were deleted here.</param>
/// <param name="hashes">Of the passwords of people who are created, made before the transaction begins.</param>
/// <param name="progress">Told what is being applied, how far it is, and how many there are.</param>
internal sealed class ApplyRun(
    AuthDbContext context, bool keep, IReadOnlyCollection<string> recreate, Dictionary<UserEntry, string> hashes, Action<string, int, int>? progress)
{
    /// <summary>How many rows are looked up and saved together.</summary>
    public const int BatchSize = 200;

    public AuthDbContext Context => context;

    public ApplyReport Report { get; } = new();

    public bool Keeps => keep;

    /// <summary>Whether the database is not yet what this file makes of it.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>See the constructor.</summary>
    public Dictionary<UserEntry, string> Hashes => hashes;

    public void Progress(string what, int done, int all) => progress?.Invoke(what, done, all);

    /// <returns>The entries that were applied before, by their marks.</returns>
    public async Task<Dictionary<string, PlatformEntry>> EntriesAsync(string kind, IReadOnlyCollection<string> marks, CancellationToken cancellationToken)
    {
        var found = await context.Set<PlatformEntry>().AsNoTracking()
            .Where(entry => entry.Kind == kind && marks.Contains(entry.Mark)).ToListAsync(cancellationToken);
        return found.ToDictionary(entry => entry.Mark, StringComparer.Ordinal);
    }

    /// <returns>Whether a row that was deleted here is to be made again.</returns>
    public bool Recreates(string name) => recreate.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a row, which the next <see cref="SaveAsync"/> writes.</summary>
    public void Add(object row)
    {
        HasChanges = true;
        if (keep)
        {
            context.Add(row);
        }
    }

    /// <summary>Notes that a row is written by somebody else.</summary>
    /// <returns>Whether it may be.</returns>
    public bool MayWrite()
    {
        HasChanges = true;
        return keep;
    }

    /// <param name="known">The entry as it was applied last; null where it is new.</param>
    public void Remember(PlatformEntry? known, PlatformEntry entry)
    {
        if (known is not null && known.RowId == entry.RowId && known.Declared == entry.Declared && known.SecretHash == entry.SecretHash)
        {
            return;
        }

        HasChanges = true;
        if (keep)
        {
            context.Entry(entry).State = known is null ? EntityState.Added : EntityState.Modified;
        }
    }

    /// <summary>Writes what was added and forgets it: a context that remembers everything gets slower with every row.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (keep)
        {
            await context.SaveChangesAsync(cancellationToken);
        }

        context.ChangeTracker.Clear();
    }
}

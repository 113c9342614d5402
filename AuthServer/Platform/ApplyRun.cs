using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Platform;

/// <summary>One pass over a platform file: a rehearsal, which only reads, or the real run.</summary>
/// <param name="keep">False for a rehearsal.</param>
/// <param name="recreate">The ids of apps and the keys or names of users that are created again although they were deleted here.</param>
/// <param name="hashes">Hashes of the passwords of new users, computed before the transaction begins.</param>
/// <param name="progress">Gets the kind of entries, how many are done, and how many there are.</param>
internal sealed class ApplyRun(
    AuthDbContext context, bool keep, IReadOnlyCollection<string> recreate, Dictionary<UserEntry, string> hashes,
    Action<string, int, int>? progress)
{
    /// <summary>How many rows are looked up and saved together.</summary>
    public const int BatchSize = 200;

    public AuthDbContext Context => context;

    public ApplyReport Report { get; } = new();

    public bool Keeps => keep;

    /// <summary>True if this file changes the database.</summary>
    public bool HasChanges { get; private set; }

    /// <summary>See the constructor.</summary>
    public Dictionary<UserEntry, string> Hashes => hashes;

    public void Progress(string what, int done, int all) => progress?.Invoke(what, done, all);

    /// <returns>The entries that were applied before, by mark.</returns>
    public async Task<Dictionary<string, PlatformEntry>> EntriesAsync(
        string kind, IReadOnlyCollection<string> marks, CancellationToken cancellationToken)
    {
        var found = await context.Set<PlatformEntry>().AsNoTracking()
            .Where(entry => entry.Kind == kind && marks.Contains(entry.Mark)).ToListAsync(cancellationToken);
        return found.ToDictionary(entry => entry.Mark, StringComparer.Ordinal);
    }

    /// <returns>True if a row that was deleted here must be created again.</returns>
    public bool Recreates(string name) => recreate.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a row. The next <see cref="SaveAsync"/> writes it.</summary>
    public void Add(object row)
    {
        HasChanges = true;
        if (keep)
        {
            context.Add(row);
        }
    }

    /// <summary>Notes that the caller has a change to write itself.</summary>
    /// <returns>True if the caller may write it; false in a rehearsal.</returns>
    public bool MayWrite()
    {
        HasChanges = true;
        return keep;
    }

    /// <param name="known">The entry as it was last applied; null if it is new.</param>
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

    /// <summary>Writes what was added, and clears the change tracker: a context gets slower with every row that it tracks.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (keep)
        {
            await context.SaveChangesAsync(cancellationToken);
        }

        context.ChangeTracker.Clear();
    }
}

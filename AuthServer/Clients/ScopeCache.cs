using System.Collections.Frozen;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>Caches all scopes of the registered APIs for <see cref="ClientCache.Lifetime"/>.</summary>
internal sealed class ScopeCache(TimeProvider time)
{
    private volatile Snapshot? snapshot;
    private int version;

    public sealed record Entry(Scope Scope, IReadOnlyList<string> Resources);

    private sealed record Snapshot(FrozenDictionary<string, Entry> Scopes, long LoadedAt);

    public async ValueTask<FrozenDictionary<string, Entry>> AllAsync(AuthDbContext context, CancellationToken cancellationToken)
    {
        if (snapshot is { } known && time.GetElapsedTime(known.LoadedAt) < ClientCache.Lifetime)
        {
            return known.Scopes;
        }

        var before = Volatile.Read(ref version);
        var loadedAt = time.GetTimestamp();
        var rows = await context.Set<Scope>().AsNoTracking().ToListAsync(cancellationToken);
        var scopes = rows.ToFrozenDictionary(
            scope => scope.Name!,
            scope => new Entry(scope, scope.Resources is { Length: > 0 } json ? JsonSerializer.Deserialize<string[]>(json) ?? [] : []),
            StringComparer.Ordinal);
        snapshot = new Snapshot(scopes, loadedAt);
        if (Volatile.Read(ref version) != before)
        {
            snapshot = null;
        }

        return scopes;
    }

    public void Forget()
    {
        Interlocked.Increment(ref version);
        snapshot = null;
    }
}

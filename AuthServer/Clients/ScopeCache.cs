using System.Collections.Frozen;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>An API of this server itself. Its scopes are part of the program and have no rows.</summary>
/// <param name="Resource">Its resource identifier (RFC 8707).</param>
internal sealed record BuiltInApi(string Resource, IReadOnlyList<Scope> Scopes);

/// <summary>
/// Caches all scopes of the registered APIs for <see cref="ClientCache.Lifetime"/>, together with those of <see cref="BuiltInApi"/>, which
/// no row can replace.
/// </summary>
internal sealed class ScopeCache(IEnumerable<BuiltInApi> builtIn, TimeProvider time)
{
    private volatile Snapshot? snapshot;
    private int version;

    public sealed record Entry(Scope Scope, IReadOnlyList<string> Resources, bool IsBuiltIn = false);

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
        var entries = rows.ToDictionary(
            scope => scope.Name!,
            scope => new Entry(scope, scope.Resources is { Length: > 0 } json ? JsonSerializer.Deserialize<string[]>(json) ?? [] : []),
            StringComparer.Ordinal);
        foreach (var api in builtIn)
        {
            foreach (var scope in api.Scopes)
            {
                entries[scope.Name!] = new Entry(scope, [api.Resource], IsBuiltIn: true);
            }
        }

        var scopes = entries.ToFrozenDictionary(StringComparer.Ordinal);
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

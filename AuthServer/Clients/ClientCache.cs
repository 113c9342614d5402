using System.Collections.Concurrent;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Clients;

/// <summary>
/// Caches each registered client for <see cref="Lifetime"/>. A change by another node takes effect here within that time, a change by this
/// node at once.
/// </summary>
internal sealed class ClientCache(IOptions<ConnectOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private int version;

    private sealed record Entry(Client Client, ClientPolicy Policy, long LoadedAt);

    public async ValueTask<(Client Client, ClientPolicy Policy)?> FindAsync(
        AuthDbContext context, string clientId, CancellationToken cancellationToken)
    {
        if (entries.TryGetValue(clientId, out var known) && time.GetElapsedTime(known.LoadedAt) < Lifetime)
        {
            return (known.Client, known.Policy);
        }

        var before = Volatile.Read(ref version);
        var loadedAt = time.GetTimestamp();
        var client = await context.Set<Client>().AsNoTracking().SingleOrDefaultAsync(row => row.ClientId == clientId, cancellationToken);

        // SQL Server ignores trailing spaces in the comparison. Without this check, a caller could grow the cache by appending spaces.
        if (client?.ClientId != clientId)
        {
            entries.TryRemove(clientId, out _);
            return null;
        }

        var entry = new Entry(client, new ClientPolicy(client, options.Value), loadedAt);
        entries[clientId] = entry;
        if (Volatile.Read(ref version) != before)
        {
            // A client was changed during the read: this may be the old version.
            entries.TryRemove(clientId, out _);
        }

        return (entry.Client, entry.Policy);
    }

    public void Forget()
    {
        Interlocked.Increment(ref version);
        entries.Clear();
    }
}

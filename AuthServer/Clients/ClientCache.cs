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

    private sealed record Entry(Client Client, ClientPolicy Policy, IReadOnlyCollection<ClientSecret> Secrets, long LoadedAt);

    public async ValueTask<(Client Client, ClientPolicy Policy)?> FindAsync(
        AuthDbContext context, string clientId, CancellationToken cancellationToken) =>
        await FindEntryAsync(context, clientId, cancellationToken) is { } entry ? (entry.Client, entry.Policy) : null;

    /// <returns>The hashes of the secrets that are valid now.</returns>
    public async ValueTask<IReadOnlyList<string>> FindSecretsAsync(
        AuthDbContext context, string clientId, CancellationToken cancellationToken) =>
        await FindEntryAsync(context, clientId, cancellationToken) is { } entry
            ? [.. ClientSecret.ValidOf(entry.Client, entry.Secrets, time.GetUtcNow()).Select(secret => secret.Hash)]
            : [];

    public void Forget()
    {
        Interlocked.Increment(ref version);
        entries.Clear();
    }

    private async ValueTask<Entry?> FindEntryAsync(AuthDbContext context, string clientId, CancellationToken cancellationToken)
    {
        if (entries.TryGetValue(clientId, out var known) && time.GetElapsedTime(known.LoadedAt) < Lifetime)
        {
            return known;
        }

        var before = Volatile.Read(ref version);
        var loadedAt = time.GetTimestamp();
        var found = await context.Set<Client>().AsNoTracking().Where(row => row.ClientId == clientId)
            .Select(row => new
            {
                Client = row,
                Secrets = context.Set<ClientSecret>().Where(secret => secret.ClientId == row.Id).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);

        // SQL Server ignores trailing spaces in the comparison. Without this check, a caller could grow the cache by appending spaces.
        if (found?.Client.ClientId != clientId)
        {
            entries.TryRemove(clientId, out _);
            return null;
        }

        var entry = new Entry(found.Client, new ClientPolicy(found.Client, options.Value), found.Secrets, loadedAt);
        entries[clientId] = entry;
        if (Volatile.Read(ref version) != before)
        {
            // A client was changed during the read: this may be the old version.
            entries.TryRemove(clientId, out _);
        }

        return entry;
    }
}

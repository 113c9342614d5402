using System.Collections.Concurrent;

namespace SampleClient.Issuer;

/// <summary>
/// Remembers used tokens for as long as they could be used again. It works in this process; several nodes need it in the store
/// where they share their sessions.
/// </summary>
internal sealed class SeenTokens
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> ids = new(StringComparer.Ordinal);

    /// <returns>False if the token was seen before.</returns>
    public bool TryAdd(string id, DateTimeOffset now, DateTimeOffset until)
    {
        foreach (var (seen, end) in ids)
        {
            if (end < now)
            {
                ids.TryRemove(seen, out _);
            }
        }

        return ids.TryAdd(id, until);
    }
}

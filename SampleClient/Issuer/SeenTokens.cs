using System.Collections.Concurrent;

namespace SampleClient.Issuer;

/// <summary>Which tokens have been used, as long as they could be once more. In this process: several nodes share it in what they share sessions in.</summary>
internal sealed class SeenTokens
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ids = new(StringComparer.Ordinal);

    /// <returns>False when it was seen before.</returns>
    public bool TryAdd(string id, DateTimeOffset now, DateTimeOffset until)
    {
        foreach (var (seen, end) in _ids)
        {
            if (end < now)
            {
                _ids.TryRemove(seen, out _);
            }
        }

        return _ids.TryAdd(id, until);
    }
}

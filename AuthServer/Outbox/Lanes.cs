namespace AuthServer.Outbox;

/// <summary>Counts the messages that this node is sending now by a key, such as their recipient, and limits them.</summary>
internal sealed class Lanes(int limit)
{
    private readonly Dictionary<string, int> counts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock gate = new();

    /// <summary>The keys that get no other message until one of their current ones has ended.</summary>
    public IReadOnlyList<string> Full
    {
        get
        {
            lock (gate)
            {
                return [.. counts.Where(lane => lane.Value >= limit).Select(lane => lane.Key)];
            }
        }
    }

    public bool TryEnter(string key)
    {
        lock (gate)
        {
            var count = counts.GetValueOrDefault(key);
            if (count >= limit)
            {
                return false;
            }

            counts[key] = count + 1;
            return true;
        }
    }

    public void Leave(string key)
    {
        lock (gate)
        {
            if (counts[key] > 1)
            {
                counts[key]--;
            }
            else
            {
                counts.Remove(key);
            }
        }
    }
}

using System.Collections.Concurrent;
using AuthServer.Hosting;

namespace AuthServer.Throttling;

/// <summary>
/// Token buckets, one for each key. Unlike the framework's limiters, they follow <see cref="TimeProvider"/>, and a token can be given back.
/// </summary>
/// <param name="capacity">How many tokens can be taken at once.</param>
/// <param name="refill">How long an empty bucket takes to become full.</param>
internal sealed class Buckets(TimeProvider time, int capacity, TimeSpan refill)
{
    /// <summary>
    /// The maximum number of buckets, about 10 MB. Beyond it, a new key has no limit: a limit per address does not stop an attacker
    /// with that many addresses, and refusing newcomers would do the attacker's work.
    /// </summary>
    public const int Most = 100_000;

    private readonly ConcurrentDictionary<Fingerprint, Bucket> buckets = new();
    private int count;
    private long sweptAt = time.GetTimestamp();

    private sealed class Bucket
    {
        public required double Left { get; set; }

        public required long At { get; set; }
    }

    public int Count => count;

    public bool TryTake(Fingerprint key, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        var now = time.GetTimestamp();
        Sweep(now);
        if (Find(key, now) is not { } bucket)
        {
            return true;
        }

        lock (bucket)
        {
            Fill(bucket, now);
            if (bucket.Left < 1)
            {
                retryAfter = (1 - bucket.Left) * refill / capacity;
                return false;
            }

            bucket.Left--;
            return true;
        }
    }

    public void GiveBack(Fingerprint key)
    {
        if (buckets.TryGetValue(key, out var bucket))
        {
            lock (bucket)
            {
                bucket.Left = Math.Min(capacity, bucket.Left + 1);
            }
        }
    }

    private Bucket? Find(Fingerprint key, long now)
    {
        while (true)
        {
            if (buckets.TryGetValue(key, out var known))
            {
                return known;
            }

            if (count >= Most)
            {
                return null;
            }

            var bucket = new Bucket { Left = capacity, At = now };
            if (buckets.TryAdd(key, bucket))
            {
                Interlocked.Increment(ref count);
                return bucket;
            }
        }
    }

    private void Fill(Bucket bucket, long now)
    {
        bucket.Left = Math.Min(capacity, bucket.Left + (time.GetElapsedTime(bucket.At, now) / refill * capacity));
        bucket.At = now;
    }

    // Removes full buckets: a full bucket means the same as none.
    private void Sweep(long now)
    {
        var last = Interlocked.Read(ref sweptAt);
        if (time.GetElapsedTime(last, now) < refill || Interlocked.CompareExchange(ref sweptAt, now, last) != last)
        {
            return;
        }

        foreach (var (key, bucket) in buckets)
        {
            lock (bucket)
            {
                Fill(bucket, now);
                if (bucket.Left >= capacity && buckets.TryRemove(key, out _))
                {
                    Interlocked.Decrement(ref count);
                }
            }
        }
    }
}

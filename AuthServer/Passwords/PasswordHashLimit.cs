using System.Diagnostics;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// Limits the password hashes in progress and the requests that wait for one, so that the node can do its other work during a flood of
/// sign-ins.
/// </summary>
internal sealed class PasswordHashLimit(IOptions<PasswordsOptions> options, ServerMetrics metrics) : IDisposable
{
    // For each concurrent hash. A hash takes about 10 ms to 25 ms, so all who wait are served within about a second.
    private const int MostWaiting = 40;

    private readonly SemaphoreSlim places = new(options.Value.MaxConcurrentHashes);
    private int waiting;

    /// <summary>True if there is no place for another request, not even to wait.</summary>
    public bool IsFull => places.CurrentCount is 0 && Volatile.Read(ref waiting) >= MostWaiting * options.Value.MaxConcurrentHashes;

    /// <summary>How long a caller without a place is told to wait.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(1) + options.Value.MaxWait;

    /// <returns>A place, which the caller disposes of after the hash; null if none became free in time.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            metrics.Throttled(ThrottledBy.PasswordHashes);
            return null;
        }

        Interlocked.Increment(ref waiting);
        try
        {
            var start = Stopwatch.GetTimestamp();
            var isFree = await places.WaitAsync(options.Value.MaxWait, cancellationToken);
            metrics.WaitedForHash(Stopwatch.GetElapsedTime(start));
            if (isFree)
            {
                return new Place(places);
            }

            metrics.Throttled(ThrottledBy.PasswordHashes);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}

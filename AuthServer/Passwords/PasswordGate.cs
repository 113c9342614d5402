using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>Bounds the hashes under way and those who wait for one, so that a flood of sign-ins leaves the node to its other work.</summary>
internal sealed class PasswordGate(IOptions<PasswordsOptions> options) : IDisposable
{
    // For each hash at once; some 10 ms to 25 ms each, it is less than the work of a second.
    private const int MostWaiting = 40;

    private readonly SemaphoreSlim places = new(options.Value.MaxConcurrentHashes);
    private int waiting;

    /// <summary>Whether there is no place for one more, not even to wait.</summary>
    public bool IsFull => places.CurrentCount is 0 && Volatile.Read(ref waiting) >= MostWaiting * options.Value.MaxConcurrentHashes;

    /// <summary>What a caller who found no place is told to wait.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(1) + options.Value.MaxWait;

    /// <returns>A place, to be disposed of when the hash is done; null when none came free in time.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            return null;
        }

        Interlocked.Increment(ref waiting);
        try
        {
            return await places.WaitAsync(options.Value.MaxWait, cancellationToken) ? new Place(places) : null;
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

using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>Bounds the hashes under way, so that a flood of sign-ins leaves the node to its other work.</summary>
internal sealed class PasswordGate(IOptions<PasswordsOptions> options) : IDisposable
{
    private readonly SemaphoreSlim places = new(options.Value.MaxConcurrentHashes);

    /// <summary>What a caller who found no place is told to wait.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(1) + options.Value.MaxWait;

    /// <returns>A place, to be disposed of when the hash is done; null when none came free in time.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken) =>
        await places.WaitAsync(options.Value.MaxWait, cancellationToken) ? new Place(places) : null;

    public void Dispose() => places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}

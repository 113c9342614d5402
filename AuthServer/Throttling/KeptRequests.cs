using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>
/// Bounds what one client address has the server keep for it in the database: requests of browsers, pushed requests and devices.
/// Counted where the request has been read: what its address says may differ from what its form says.
/// </summary>
internal sealed class KeptRequests(IOptions<ThrottlingOptions> options, TimeProvider time)
{
    private readonly Buckets kept = new(time, options.Value.AuthorizationRequestsPerAddress, TimeSpan.FromMinutes(1));
    private readonly Buckets names = new(time, options.Value.AuthorizationRequestsPerAddress, TimeSpan.FromMinutes(1));

    /// <summary>For a request that is about to be kept.</summary>
    public bool TryKeep(IPAddress? address, out TimeSpan retryAfter) => TryTake(kept, address, out retryAfter);

    /// <summary>For a request that names a kept one. It counts as a guess until <see cref="Found"/>.</summary>
    public bool TryName(IPAddress? address, out TimeSpan retryAfter) => TryTake(names, address, out retryAfter);

    /// <summary>The name was that of a kept request.</summary>
    public void Found(IPAddress? address) => names.GiveBack(ClientAddress.Key(address));

    private bool TryTake(Buckets buckets, IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return !options.Value.Enabled || buckets.TryTake(ClientAddress.Key(address), out retryAfter);
    }
}

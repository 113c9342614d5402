using System.Net;
using AuthServer.Telemetry;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>
/// Limits what the database keeps for one client address: requests of browsers, pushed requests and devices. A request is counted after it
/// has been parsed, because its query and its form may differ.
/// </summary>
internal sealed class KeptRequests(IOptions<ThrottlingOptions> options, TimeProvider time, ServerMetrics metrics)
{
    private readonly Buckets kept = new(time, options.Value.AuthorizationRequestsPerAddress, TimeSpan.FromMinutes(1));
    private readonly Buckets names = new(time, options.Value.AuthorizationRequestsPerAddress, TimeSpan.FromMinutes(1));

    /// <summary>Counts a request that is about to be kept.</summary>
    public bool TryKeep(IPAddress? address, out TimeSpan retryAfter) => TryTake(kept, address, out retryAfter);

    /// <summary>Counts a request that names a kept one. It counts as a guess until <see cref="Found"/> is called.</summary>
    public bool TryName(IPAddress? address, out TimeSpan retryAfter) => TryTake(names, address, out retryAfter);

    /// <summary>The name belongs to a kept request, so it was no guess.</summary>
    public void Found(IPAddress? address) => names.GiveBack(ClientAddress.Key(address));

    private bool TryTake(Buckets buckets, IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (!options.Value.Enabled || buckets.TryTake(ClientAddress.Key(address), out retryAfter))
        {
            return true;
        }

        metrics.Throttled(ThrottledBy.KeptRequests);
        return false;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace SampleClient.Chapters.Password;

/// <summary>
/// Limits how often each address may try to sign in. Attempts are counted in this process; an IPv6 /64 network counts as one
/// address.
/// </summary>
internal sealed class SignInAttempts(IOptions<ThrottlingOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress?> limiter = PartitionedRateLimiter.Create<IPAddress?, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(Household(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.SignInsPerAddress,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / options.Value.SignInsPerAddress,
        }));

    /// <returns>Null if the attempt is allowed; otherwise how long to wait.</returns>
    public TimeSpan? Count(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(address);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
    }

    public void Dispose() => limiter.Dispose();

    private static string Household(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}

using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting.Throttling;

/// <summary>
/// Bounds failed sign-ins of one client address and for one account. It does not ask whether there is such an account,
/// so its refusals do not tell.
/// </summary>
internal sealed class SignInThrottle(IOptions<ThrottlingOptions> options, TimeProvider time)
{
    private readonly Buckets addresses = new(time, options.Value.FailedSignInsPerAddress, TimeSpan.FromSeconds(10));
    private readonly Buckets accounts = new(time, options.Value.FailedSignInsPerAccount, TimeSpan.FromMinutes(1));

    // What was typed as a user name may be a password: what is kept of it cannot be read back.
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>An attempt under way, which counts as a failure until it is given back.</summary>
    public readonly record struct Attempt(UInt128 Address, UInt128 Account);

    public bool TryBegin(IPAddress? address, string userName, out Attempt attempt, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        attempt = new Attempt(ClientAddress.Key(address), AccountKey(userName));
        if (!options.Value.Enabled)
        {
            return true;
        }

        if (!addresses.TryTake(attempt.Address, out retryAfter))
        {
            return false;
        }

        if (accounts.TryTake(attempt.Account, out retryAfter))
        {
            return true;
        }

        addresses.GiveBack(attempt.Address);
        return false;
    }

    /// <summary>The attempt was no failure: it succeeded, or the password was never looked at.</summary>
    public void GiveBack(Attempt attempt)
    {
        addresses.GiveBack(attempt.Address);
        accounts.GiveBack(attempt.Account);
    }

    // The spellings that find one account (Users/UserLookup) are one here.
    private UInt128 AccountKey(string userName) => BinaryPrimitives.ReadUInt128BigEndian(
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(userName.Normalize().ToUpperInvariant())));
}

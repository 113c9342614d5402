using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting.Throttling;

/// <summary>
/// Bounds failed sign-ins by where they come from and by account. It does not ask whether there is such an account, so
/// its refusals do not tell.
/// </summary>
internal sealed class SignInThrottle(IOptions<ThrottlingOptions> options, ILookupNormalizer normalizer, TimeProvider time)
{
    private readonly Buckets addresses = new(time, options.Value.FailedSignInsPerAddress, TimeSpan.FromSeconds(10));
    private readonly Buckets clients = new(time, options.Value.FailedSignInsPerClient, TimeSpan.FromSeconds(10));
    private readonly Buckets accounts = new(time, options.Value.FailedSignInsPerAccount, TimeSpan.FromMinutes(1));

    // What was typed as a user name may be a password: what is kept of it cannot be read back.
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    public readonly record struct Origin(Buckets Buckets, UInt128 Key);

    /// <summary>An attempt under way, which counts as a failure until it is given back.</summary>
    public readonly record struct Attempt(Origin Origin, UInt128 Account);

    public Origin OfAddress(IPAddress? address) => new(addresses, ClientAddress.Key(address));

    /// <summary>For a client that has authenticated: all its people come from the addresses of its own servers.</summary>
    public Origin OfClient(string clientId) => new(clients, Key(clientId));

    public bool TryBegin(Origin origin, string userName, out Attempt attempt, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;

        // The spellings that find one account (Users/UserLookup) are one here.
        attempt = new Attempt(origin, Key(normalizer.NormalizeName(userName)));
        if (!options.Value.Enabled)
        {
            return true;
        }

        if (!origin.Buckets.TryTake(origin.Key, out retryAfter))
        {
            return false;
        }

        if (accounts.TryTake(attempt.Account, out retryAfter))
        {
            return true;
        }

        origin.Buckets.GiveBack(origin.Key);
        return false;
    }

    /// <summary>The attempt was no failure: it succeeded, or the password was never looked at.</summary>
    public void GiveBack(Attempt attempt)
    {
        attempt.Origin.Buckets.GiveBack(attempt.Origin.Key);
        accounts.GiveBack(attempt.Account);
    }

    private UInt128 Key(string text) => BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
}

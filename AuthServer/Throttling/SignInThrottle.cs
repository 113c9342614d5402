using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

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

    /// <summary>Whose failures count together.</summary>
    public readonly record struct Account(UInt128 Key);

    /// <summary>An attempt under way, which counts as a failure until it is given back.</summary>
    public readonly record struct Attempt(Origin Origin, Account Account);

    public Origin OfAddress(IPAddress? address) => new(addresses, ClientAddress.Key(address));

    /// <summary>For a client that has authenticated: all its people come from the addresses of its own servers.</summary>
    public Origin OfClient(string clientId) => new(clients, Key("client", clientId));

    /// <summary>Passwords for a name. The spellings that find one account (Users/UserLookup) are one here.</summary>
    /// <param name="browser">One in which somebody has signed in before: strangers elsewhere do not use up what it may try. Empty for all others.</param>
    public Account OfName(string name, Guid browser) => new(Key("name", $"{browser:N}{normalizer.NormalizeName(name)}"));

    /// <summary>Codes of somebody whose password was right: wrong passwords of others do not count.</summary>
    public Account OfCodes(Guid user) => new(Key("codes", $"{user:N}"));

    /// <summary>Passkeys, which name no account before they are found. One key for all would let anybody bar everybody.</summary>
    public Account OfPasskeys(IPAddress? address) => new(Key("passkeys", $"{ClientAddress.Key(address)}"));

    public bool TryBegin(Origin origin, Account account, out Attempt attempt, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        attempt = new Attempt(origin, account);
        if (!options.Value.Enabled)
        {
            return true;
        }

        if (!origin.Buckets.TryTake(origin.Key, out retryAfter))
        {
            return false;
        }

        if (accounts.TryTake(account.Key, out retryAfter))
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
        accounts.GiveBack(attempt.Account.Key);
    }

    // The kind comes first, so no text that is typed makes a key of another kind.
    private UInt128 Key(string kind, string text) => BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{kind}\0{text}")));
}

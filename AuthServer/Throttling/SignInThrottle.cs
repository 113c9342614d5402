using System.Net;
using System.Security.Cryptography;
using AuthServer.Hosting;
using AuthServer.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

/// <summary>
/// Limits failed sign-ins by origin and by account. It does not check whether the account exists, so its refusals do not reveal it.
/// </summary>
internal sealed class SignInThrottle(
    IOptions<ThrottlingOptions> options, ILookupNormalizer normalizer, TimeProvider time, ServerMetrics metrics)
{
    private readonly Buckets addresses = new(time, options.Value.FailedSignInsPerAddress, TimeSpan.FromSeconds(10));
    private readonly Buckets clients = new(time, options.Value.FailedSignInsPerClient, TimeSpan.FromSeconds(10));
    private readonly Buckets accounts = new(time, options.Value.FailedSignInsPerAccount, TimeSpan.FromMinutes(1));

    // The typed user name may be a password, so only a keyed hash of it is kept.
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    public readonly record struct Source(Buckets Buckets, Fingerprint Key);

    /// <summary>Stands for one count of failures.</summary>
    public readonly record struct Account(Fingerprint Key);

    /// <summary>An attempt in progress. It counts as a failure until it is given back.</summary>
    public readonly record struct Attempt(Source Source, Account Account);

    public Source OfAddress(IPAddress? address) => new(addresses, ClientAddress.Key(address));

    /// <summary>For a client that has authenticated: all its users come from the addresses of its own servers.</summary>
    public Source OfClient(string clientId) => new(clients, Key("client", clientId));

    /// <summary>Passwords for a name. All spellings of the name count together; the account's email address counts by itself.</summary>
    /// <param name="browser">
    /// A browser in which somebody has signed in before has its own count, so strangers elsewhere cannot use up its attempts. Empty for all
    /// others.
    /// </param>
    public Account OfName(string name, Guid browser) => new(Key("name", $"{browser:N}{normalizer.NormalizeName(name)}"));

    /// <summary>Codes of a user whose password was right, so wrong passwords of others do not count.</summary>
    public Account OfCodes(Guid user) => new(Key("codes", $"{user:N}"));

    /// <summary>
    /// Passkeys, which name no account before they are found. They count by address: with one count for all, anybody could lock out
    /// everybody.
    /// </summary>
    public Account OfPasskeys(IPAddress? address) => new(Key("passkeys", $"{ClientAddress.Key(address)}"));

    public bool TryBegin(Source source, Account account, out Attempt attempt, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        attempt = new Attempt(source, account);
        if (!options.Value.Enabled)
        {
            return true;
        }

        if (!source.Buckets.TryTake(source.Key, out retryAfter))
        {
            metrics.Throttled(ThrottledBy.SignIns);
            return false;
        }

        if (accounts.TryTake(account.Key, out retryAfter))
        {
            return true;
        }

        source.Buckets.GiveBack(source.Key);
        metrics.Throttled(ThrottledBy.SignIns);
        return false;
    }

    /// <summary>The attempt was no failure: it succeeded, or the password was never checked.</summary>
    public void GiveBack(Attempt attempt)
    {
        attempt.Source.Buckets.GiveBack(attempt.Source.Key);
        accounts.GiveBack(attempt.Account.Key);
    }

    // The kind comes first, so that no typed text can make a key of another kind.
    private Fingerprint Key(string kind, string text) => Fingerprint.Of($"{kind}\0{text}", secret);
}

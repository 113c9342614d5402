using System.Net;
using AuthServer.Hosting;
using AuthServer.Mail;
using AuthServer.Throttling;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>Limits the mails that visitors can cause: by the visitor's address, and for each kind of mail by its recipient.</summary>
internal sealed class MailThrottle(IOptions<ThrottlingOptions> options, ILookupNormalizer normalizer, TimeProvider time)
{
    private readonly Buckets visitors = new(time, 20, TimeSpan.FromMinutes(10));
    private readonly Buckets recipients = new(time, 3, TimeSpan.FromMinutes(15));

    public bool TryVisit(IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return !options.Value.Enabled || visitors.TryTake(ClientAddress.Key(address), out retryAfter);
    }

    /// <param name="kind">
    /// The kind that the visitor's action stands for. Each has its own limit, so one action cannot use up another's mails.
    /// </param>
    /// <returns>False if the recipient has had enough such mails. A stranger must not be told so.</returns>
    public bool TryMail(MailKind kind, string recipient) => TryMail(kind, recipient, out _);

    public bool TryMail(MailKind kind, string recipient, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return !options.Value.Enabled
            || recipients.TryTake(Fingerprint.Of($"{kind} {normalizer.NormalizeEmail(recipient)}"), out retryAfter);
    }
}

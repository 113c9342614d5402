using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Mail;
using AuthServer.Throttling;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Account;

/// <summary>Bounds the mails that a visitor can cause: by where the visitor is, and by whom they would go to, each kind by itself.</summary>
internal sealed class MailThrottle(IOptions<ThrottlingOptions> options, ILookupNormalizer normalizer, TimeProvider time)
{
    private readonly Buckets visitors = new(time, 20, TimeSpan.FromMinutes(10));
    private readonly Buckets recipients = new(time, 3, TimeSpan.FromMinutes(15));

    public bool TryVisit(IPAddress? address, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return !options.Value.Enabled || visitors.TryTake(ClientAddress.Key(address), out retryAfter);
    }

    /// <param name="kind">That of what the visitor does: what is for one must not use up what is for another.</param>
    /// <returns>False when that one has had enough, which a stranger is not told.</returns>
    public bool TryMail(MailKind kind, string recipient) => TryMail(kind, recipient, out _);

    public bool TryMail(MailKind kind, string recipient, out TimeSpan retryAfter)
    {
        retryAfter = default;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind} {normalizer.NormalizeEmail(recipient)}"));
        return !options.Value.Enabled || recipients.TryTake(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), out retryAfter);
    }
}

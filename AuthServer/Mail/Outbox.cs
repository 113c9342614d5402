using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Where mails are left: they are saved with whatever else the caller saves, and sent after that. So none is sent of
/// something that did not happen, and none is lost while the mail server is away.
/// </summary>
internal sealed partial class Outbox(
    AuthDbContext context, LetterProtection protection, MailBell bell, IOptions<MailOptions> options, TimeProvider time, ILogger<Outbox> logger)
{
    /// <summary>
    /// To be followed by the caller's <c>SaveChanges</c>, and <see cref="Wake"/> when that is committed. Does nothing where
    /// mail is off. Nor for an address that mail cannot go to: an error would tell the visitor that the account exists.
    /// </summary>
    /// <exception cref="ArgumentException">The link is not an absolute http or https address.</exception>
    public void Add(Letter letter)
    {
        if (letter.Link is { } link && (!link.IsAbsoluteUri || (link.Scheme != Uri.UriSchemeHttps && link.Scheme != Uri.UriSchemeHttp)))
        {
            throw new ArgumentException("The link must be an absolute http or https address.", nameof(letter));
        }

        if (!options.Value.IsOn)
        {
            return;
        }

        if (!MailAddress.IsUsable(letter.To.Address))
        {
            Log.Unusable(logger, letter.Kind);
            return;
        }

        var now = time.GetUtcNow();
        context.Mails.Add(new OutgoingMail
        {
            Kind = letter.Kind,
            Recipient = letter.To.Address,
            Language = MailTexts.LanguageOf(letter.To.Language),
            ProtectedLetter = protection.Protect(letter),
            CreatedAt = now,
            DueAt = now,
            // A link that has expired is of no use to anybody.
            ExpiresAt = now + (letter.ValidFor < options.Value.GiveUpAfter ? letter.ValidFor.Value : options.Value.GiveUpAfter),
        });
    }

    /// <summary>Has this node send at once; another would within seconds.</summary>
    public void Wake() => bell.Ring();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A mail {Kind} is not sent: the account's address is not one that mail can go to")]
        public static partial void Unusable(ILogger logger, MailKind kind);
    }
}

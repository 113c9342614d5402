using AuthServer.Data;
using AuthServer.Outbox;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// The queue of mails in the database. A mail is saved with the caller's other changes, and sent after that. So no mail tells of something
/// that did not happen, and none is lost while the mail server is away.
/// </summary>
internal sealed partial class MailOutbox(
    AuthDbContext context, LetterProtection protection, WakeSignal<OutgoingMail> signal, IOptions<MailOptions> options,
    TimeProvider time, ILogger<MailOutbox> logger)
{
    /// <summary>
    /// Adds a mail. The caller then has to call <c>SaveChanges</c>, and <see cref="Wake"/> after the commit. Does nothing if mail is off.
    /// Does nothing for an address that mail cannot be sent to, either: an error would tell the visitor that the account exists.
    /// </summary>
    /// <returns>The added mail; null if there is none.</returns>
    /// <exception cref="ArgumentException">The link is not an absolute http or https address.</exception>
    public OutgoingMail? Add(Letter letter)
    {
        if (letter.Link is { } link && (!link.IsAbsoluteUri || (link.Scheme != Uri.UriSchemeHttps && link.Scheme != Uri.UriSchemeHttp)))
        {
            throw new ArgumentException("The link must be an absolute http or https address.", nameof(letter));
        }

        if (!options.Value.IsOn)
        {
            return null;
        }

        if (!MailAddress.IsUsable(letter.To.Address))
        {
            Log.Unusable(logger, letter.Kind);
            return null;
        }

        var now = time.GetUtcNow();
        return context.Mails.Add(new OutgoingMail
        {
            Kind = letter.Kind,
            Recipient = letter.To.Address,
            UserId = letter.To.User,
            Language = MailTexts.LanguageOf(letter.To.Language),
            ProtectedLetter = protection.Protect(letter),
            CreatedAt = now,
            DueAt = now,
            // A mail with an expired link is of no use.
            ExpiresAt = now + (letter.ValidFor < options.Value.GiveUpAfter ? letter.ValidFor.Value : options.Value.GiveUpAfter),
        }).Entity;
    }

    /// <summary>Makes this node send at once. Without it, a node would send within seconds.</summary>
    public void Wake() => signal.Give();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A mail {Kind} is not sent: no mail can be sent to the account's address")]
        public static partial void Unusable(ILogger logger, MailKind kind);
    }
}

using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Outbox;
using AuthServer.Telemetry;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Hands due mails over. A mail that is sent a second time has the same Message-ID.</summary>
internal sealed partial class MailDelivery(
    AuthDbContext context,
    LetterProtection protection,
    MailWriter writer,
    MailLanes lanes,
    IMailTransport transport,
    ServerMetrics metrics,
    TimeProvider time,
    ILogger<MailDelivery> logger) : OutboxDelivery<OutgoingMail>(context, lanes, metrics, time)
{
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    public static readonly Backoff Retries = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    protected override string Name => Outboxes.Mail;

    protected override TimeSpan ClaimDuration => Claim;

    protected override Backoff Delays => Retries;

    protected override DateTimeOffset GiveUpAt(OutgoingMail message) => message.ExpiresAt;

    // The link in the mail has expired then.
    protected override bool IsUselessLate => true;

    protected override async Task<Delivery> TrySendAsync(OutgoingMail message, CancellationToken stoppingToken)
    {
        MimeMessage mail;
        try
        {
            mail = writer.Write(protection.Unprotect(message.ProtectedLetter), message.Id, message.CreatedAt);
        }
        catch (CryptographicException exception)
        {
            return Delivery.Deferred($"it cannot be read: {exception.Message}");
        }

        using (mail)
        {
            return await transport.SendAsync(mail, stoppingToken);
        }
    }

    protected override AuditFact FactOf(OutgoingMail message, DeliveryOutcome outcome) => new(
        outcome switch
        {
            DeliveryOutcome.Done => AuditActions.MailSent,
            DeliveryOutcome.Refused => AuditActions.MailRefused,
            _ => AuditActions.MailGivenUp,
        },
        new AuditTarget(AuditTargets.Mail, message.Id.ToString(), message.UserId),
        message.Kind.ToString())
    {
        PersonalChanges = AuditFact.Set("recipient", message.Recipient),
    };

    protected override void LogSent(OutgoingMail message)
    {
        var domain = DomainOf(message);
        Log.Sent(logger, message.Kind, message.Id, domain);
    }

    protected override void LogDeferred(OutgoingMail message, Delivery delivery, DateTimeOffset next)
    {
        // MailService logs once that the mail server is away.
        if (delivery.Outcome is DeliveryOutcome.Deferred)
        {
            var domain = DomainOf(message);
            Log.Deferred(logger, message.Kind, message.Id, domain, next, delivery.Problem);
        }
    }

    protected override void LogRefused(OutgoingMail message, string problem) =>
        Log.Refused(logger, message.Kind, message.Id, DomainOf(message), problem);

    protected override void LogGivenUp(OutgoingMail message, string problem) =>
        Log.GivenUp(logger, message.Kind, message.Id, DomainOf(message), message.Attempts, problem);

    protected override void LogFailed(OutgoingMail message, Exception exception) => Log.Failed(logger, exception, message.Kind, message.Id);

    private static string DomainOf(OutgoingMail message) => MailAddress.DomainOf(message.Recipient);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Mail {Kind} {Id} to {Domain} was handed over")]
        public static partial void Sent(ILogger logger, MailKind kind, Guid id, string domain);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Kind} {Id} to {Domain} is tried again at {Next}: {Problem}")]
        public static partial void Deferred(ILogger logger, MailKind kind, Guid id, string domain, DateTimeOffset next, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Kind} {Id} to {Domain} was refused and is not tried again: {Problem}")]
        public static partial void Refused(ILogger logger, MailKind kind, Guid id, string domain, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Kind} {Id} to {Domain} is given up after {Attempts} attempts: {Problem}")]
        public static partial void GivenUp(ILogger logger, MailKind kind, Guid id, string domain, int attempts, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Kind} {Id} failed")]
        public static partial void Failed(ILogger logger, Exception exception, MailKind kind, Guid id);
    }
}

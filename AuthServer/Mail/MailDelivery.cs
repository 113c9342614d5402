using System.Security.Cryptography;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>
/// Sends due mails. Several nodes can do this at once, because each claims a mail before it sends it. If a node dies after it has handed a
/// mail over and before it has deleted the row, another node sends the mail again with the same Message-ID: twice is better than never.
/// </summary>
internal sealed partial class MailDelivery(
    AuthDbContext context, LetterProtection protection, MailWriter writer, MailLanes lanes, IMailTransport transport, TimeProvider time, ILogger<MailDelivery> logger)
{
    /// <summary>How long a claim lasts: meanwhile no other node sends the mail.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
    private const int BatchSize = 50;

    /// <summary>The delay between a failed attempt and the next one.</summary>
    /// <param name="attempts">The number of failed attempts, at least 1.</param>
    public static TimeSpan DelayAfter(int attempts) => Backoff.After(attempts, ShortestDelay, LongestDelay);

    /// <summary>
    /// Claims due mails for which the lanes have room. The caller must pass each to <see cref="SendAsync"/>, which leaves the lane.
    /// </summary>
    public async Task<IReadOnlyList<OutgoingMail>> TakeAsync(int atMost, CancellationToken stoppingToken)
    {
        var mine = new List<OutgoingMail>();
        try
        {
            while (mine.Count < atMost && lanes.HasRoom && await TakeBatchAsync(mine, atMost, stoppingToken))
            {
            }

            return mine;
        }
        catch
        {
            // The claimed mails are due again when their claims expire.
            mine.ForEach(mail => lanes.Leave(mail.Recipient));
            throw;
        }
    }

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken stoppingToken)
    {
        try
        {
            return await DeliverAsync(mail, stoppingToken);
        }
        finally
        {
            lanes.Leave(mail.Recipient);
        }
    }

    /// <returns>True if there may be more due mails.</returns>
    private async Task<bool> TakeBatchAsync(List<OutgoingMail> mine, int atMost, CancellationToken stoppingToken)
    {
        var (now, busy) = (time.GetUtcNow(), lanes.Busy);
        var waiting = context.Mails.AsNoTracking().Where(mail => mail.DueAt <= now && !busy.Contains(mail.Recipient));
        foreach (var domain in lanes.FullDomains)
        {
            waiting = waiting.Where(mail => !mail.Recipient.EndsWith("@" + domain));
        }

        var due = await waiting.OrderBy(mail => mail.DueAt).Take(BatchSize).ToListAsync(stoppingToken);
        var entered = 0;
        foreach (var mail in due.TakeWhile(_ => mine.Count < atMost).Where(mail => lanes.TryEnter(mail.Recipient)))
        {
            entered++;
            var isMine = false;
            try
            {
                isMine = await TryClaimAsync(mail, stoppingToken);
            }
            finally
            {
                if (!isMine)
                {
                    lanes.Leave(mail.Recipient);
                }
            }

            if (isMine)
            {
                mine.Add(mail);
            }
        }

        return due.Count is BatchSize && entered > 0;
    }

    private async Task<bool> TryClaimAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Claim;
        var before = mail.Attempts++;
        return await context.Mails.Where(row => row.Id == mail.Id && row.Attempts == before).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.Attempts, before + 1).SetProperty(entry => entry.DueAt, until), cancellationToken) is 1;
    }

    private async Task<Delivery> DeliverAsync(OutgoingMail mail, CancellationToken stoppingToken)
    {
        var domain = MailAddress.DomainOf(mail.Recipient);
        if (mail.ExpiresAt <= time.GetUtcNow())
        {
            await DeleteAsync(mail);
            Log.GivenUp(logger, mail.Kind, mail.Id, domain, mail.Attempts - 1, mail.LastError ?? "never tried");
            return Delivery.Refused("expired");
        }

        var delivery = await TrySendAsync(mail, stoppingToken);
        switch (delivery.Outcome)
        {
            case DeliveryOutcome.Done:
                await DeleteAsync(mail);
                Log.Sent(logger, mail.Kind, mail.Id, domain);
                break;
            case DeliveryOutcome.Refused:
                await DeleteAsync(mail);
                Log.Refused(logger, mail.Kind, mail.Id, domain, delivery.Problem);
                break;
            case DeliveryOutcome.Deferred:
                Log.Deferred(logger, mail.Kind, mail.Id, domain, await PutOffAsync(mail, delivery.Problem), delivery.Problem);
                break;
            default:
                await PutOffAsync(mail, delivery.Problem);
                break;
        }

        return delivery;
    }

    private async Task<Delivery> TrySendAsync(OutgoingMail mail, CancellationToken stoppingToken)
    {
        MimeMessage message;
        try
        {
            message = writer.Write(protection.Unprotect(mail.ProtectedLetter), mail.Id, mail.CreatedAt);
        }
        catch (CryptographicException exception)
        {
            return Delivery.Deferred($"it cannot be read: {exception.Message}");
        }

        using (message)
        {
            try
            {
                return await transport.SendAsync(message, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                await ReleaseAsync(mail);
                throw;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A bug that one mail meets must not hold up the others.
                Log.Failed(logger, exception, mail.Kind, mail.Id);
                return Delivery.Deferred(exception.GetType().Name);
            }
        }
    }

    // The writes below ignore a stop: otherwise a mail that was handed over would be sent again.
    private Task<int> DeleteAsync(OutgoingMail mail) => context.Mails.Where(row => row.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None);

    private async Task<DateTimeOffset> PutOffAsync(OutgoingMail mail, string problem)
    {
        var next = time.GetUtcNow() + DelayAfter(mail.Attempts);
        var due = next < mail.ExpiresAt ? next : mail.ExpiresAt;
        var error = problem.Length <= OutgoingMail.LongestError ? problem : problem[..OutgoingMail.LongestError];
        await Mine(mail).ExecuteUpdateAsync(
            row => row.SetProperty(entry => entry.DueAt, due).SetProperty(entry => entry.LastError, error), CancellationToken.None);
        return due;
    }

    private async Task ReleaseAsync(OutgoingMail mail)
    {
        try
        {
            await Mine(mail).ExecuteUpdateAsync(
                row => row.SetProperty(entry => entry.DueAt, mail.DueAt).SetProperty(entry => entry.Attempts, mail.Attempts - 1), CancellationToken.None);
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            // The mail is then due when its claim expires.
        }
    }

    private IQueryable<OutgoingMail> Mine(OutgoingMail mail) => context.Mails.Where(row => row.Id == mail.Id && row.Attempts == mail.Attempts);

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

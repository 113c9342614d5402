using AuthServer.Outbox;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>Sends mails in the background. While the mail server is away, one mail at a time tries whether it is back.</summary>
internal sealed partial class MailService(
    IServiceScopeFactory scopes, WakeSignal<OutgoingMail> signal, IOptions<MailOptions> options, TimeProvider time,
    ILogger<MailService> logger)
    : OutboxService<OutgoingMail, MailDelivery>(scopes, signal, time)
{
    // Each attempt takes another mail and delays it, so there are few.
    private static readonly TimeSpan WhileAway = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private volatile bool isAway;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IsOn)
        {
            return base.ExecuteAsync(stoppingToken);
        }

        Log.Off(logger);
        return Task.CompletedTask;
    }

    protected override async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        if (!isAway)
        {
            await base.WaitAsync(stoppingToken);
        }

        // The signal is also given when a mail has ended. That mail may have reached the server again.
        var until = Time.GetUtcNow() + WhileAway;
        while (isAway && !stoppingToken.IsCancellationRequested && until - Time.GetUtcNow() is var rest && rest > TimeSpan.Zero)
        {
            await Signal.WaitAsync(rest, Time, stoppingToken);
        }

        return !stoppingToken.IsCancellationRequested;
    }

    protected override async Task SendDueAsync(MailDelivery delivery, CancellationToken stoppingToken)
    {
        var asks = isAway;
        var sending = await BeginAsync(delivery, asks ? 1 : MailLanes.AtOnce, stoppingToken);
        if (asks)
        {
            await Task.WhenAll(sending);
        }
    }

    // Logged once per outage, not at every attempt.
    protected override void AfterAttempt(Delivery delivery)
    {
        lock (gate)
        {
            if (delivery.Outcome is DeliveryOutcome.Away && !isAway)
            {
                isAway = true;
                Log.Away(logger, delivery.Problem);
            }
            else if (delivery.Outcome is DeliveryOutcome.Done && isAway)
            {
                isAway = false;
                Log.Back(logger);
            }
        }
    }

    protected override void LogUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void LogFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Mail is off: neither Mail:Host nor Mail:Folder is set")]
        public static partial void Off(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mail cannot be handed over; retrying: {Problem}")]
        public static partial void Away(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "Mail can be handed over again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot read due mails from the database; retrying: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Sending mail failed; the next run continues")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

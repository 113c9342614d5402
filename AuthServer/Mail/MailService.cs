using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Looks for due mails every few seconds, and at once when this node has added one. It does not wait for the mails that it sends, so a slow
/// recipient holds up no other. While the mail server is away, one mail at a time tries whether it is back.
/// </summary>
internal sealed partial class MailService(
    IServiceScopeFactory scopes, MailBell bell, IOptions<MailOptions> options, TimeProvider time, ILogger<MailService> logger) : DueService(scopes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

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
            await bell.WaitAsync(Interval, time, stoppingToken);
        }

        // The bell also rings when a mail has ended. That mail may have reached the server again.
        var until = time.GetUtcNow() + WhileAway;
        while (isAway && !stoppingToken.IsCancellationRequested && until - time.GetUtcNow() is var rest && rest > TimeSpan.Zero)
        {
            await bell.WaitAsync(rest, time, stoppingToken);
        }

        return !stoppingToken.IsCancellationRequested;
    }

    protected override async Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken)
    {
        var asks = isAway;
        var mails = await services.GetRequiredService<MailDelivery>().TakeAsync(asks ? 1 : MailLanes.AtOnce, stoppingToken);
        var sending = mails.Select(mail => Begin(() => SendAsync(mail, stoppingToken))).ToList();
        if (asks)
        {
            await Task.WhenAll(sending);
        }
    }

    private async Task SendAsync(OutgoingMail mail, CancellationToken stoppingToken)
    {
        await RunAsync(async services => Tell(await services.GetRequiredService<MailDelivery>().SendAsync(mail, stoppingToken)), stoppingToken);

        // Other mails may be waiting for its lane.
        bell.Ring();
    }

    protected override void TellUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void TellFailed(Exception exception) => Log.Failed(logger, exception);

    // Logged once per outage, not at every attempt.
    private void Tell(Delivery delivery)
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

using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>
/// Looks every few seconds for mails that are due, and at once when one was added on this node. Does not wait for what it sends: a recipient
/// that hangs keeps no other waiting. While the mail server is away, one mail after the other asks for it.
/// </summary>
internal sealed partial class MailService(
    IServiceScopeFactory scopes, MailBell bell, IOptions<MailOptions> options, TimeProvider time, ILogger<MailService> logger) : DueService(scopes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Each further attempt is another mail's, and puts off that one.
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

        // The bell rings for what has ended, too, which may have found the server again.
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

        // Others may have waited for its place.
        bell.Ring();
    }

    protected override void TellUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void TellFailed(Exception exception) => Log.Failed(logger, exception);

    // Said once, not at every attempt.
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

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mail cannot be handed over, and waits until it can: {Problem}")]
        public static partial void Away(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Information, Message = "Mail can be handed over again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Mails that are due cannot be looked up, and are until they can. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Sending mail failed; the next look goes on")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

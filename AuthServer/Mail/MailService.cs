using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>Looks every few seconds for mails that are due, and at once when one was added on this node.</summary>
internal sealed partial class MailService(
    IServiceScopeFactory scopes, MailBell bell, IOptions<MailOptions> options, TimeProvider time, ILogger<MailService> logger) : DueService(scopes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Each further attempt is another mail's, and puts off that one.
    private static readonly TimeSpan WhileAway = TimeSpan.FromMinutes(1);

    private bool isAway;

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
        if (isAway)
        {
            await Task.Delay(WhileAway, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            await bell.WaitAsync(Interval, time, stoppingToken);
        }

        return !stoppingToken.IsCancellationRequested;
    }

    protected override async Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken) =>
        Tell(await services.GetRequiredService<MailDelivery>().SendDueAsync(stoppingToken));

    protected override void TellUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void TellFailed(Exception exception) => Log.Failed(logger, exception);

    // Said once, not at every attempt.
    private void Tell(Delivery? last)
    {
        if (last is { Outcome: DeliveryOutcome.Away } && !isAway)
        {
            Log.Away(logger, last.Problem);
        }
        else if (last is { Outcome: DeliveryOutcome.Done } && isAway)
        {
            Log.Back(logger);
        }

        isAway = last is null ? isAway : last.Outcome is DeliveryOutcome.Away;
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

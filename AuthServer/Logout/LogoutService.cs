using AuthServer.Hosting;

namespace AuthServer.Logout;

/// <summary>
/// Looks for due notices every few seconds, and at once when a session has ended on this node. It does not wait for the apps' answers, so
/// an app that hangs does not delay others.
/// </summary>
internal sealed partial class LogoutService(
    IServiceScopeFactory scopes, LogoutBell bell, LogoutLanes lanes, TimeProvider time, ILogger<LogoutService> logger) : DueService(scopes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        await bell.WaitAsync(Interval, time, stoppingToken);
        return !stoppingToken.IsCancellationRequested;
    }

    protected override async Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken)
    {
        foreach (var due in await services.GetRequiredService<LogoutDelivery>().TakeAsync(stoppingToken))
        {
            _ = Begin(() => SendAsync(due, stoppingToken));
        }
    }

    private async Task SendAsync(DueNotice due, CancellationToken stoppingToken)
    {
        await RunAsync(services => services.GetRequiredService<LogoutDelivery>().SendAsync(due, stoppingToken), stoppingToken);
        if (lanes.Leave(due.Notice.ApplicationId))
        {
            bell.Ring();
        }
    }

    protected override void TellUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void TellFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "Cannot read from the database which apps to tell of ended sessions; retrying. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Telling apps of ended sessions failed; retrying at the next look")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

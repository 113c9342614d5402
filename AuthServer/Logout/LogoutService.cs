using AuthServer.Hosting;

namespace AuthServer.Logout;

/// <summary>Looks every few seconds for notices that are due, and at once when a session has ended on this node.</summary>
internal sealed partial class LogoutService(IServiceScopeFactory scopes, LogoutBell bell, TimeProvider time, ILogger<LogoutService> logger) : DueService(scopes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        await bell.WaitAsync(Interval, time, stoppingToken);
        return !stoppingToken.IsCancellationRequested;
    }

    protected override Task SendDueAsync(IServiceProvider services, CancellationToken stoppingToken) =>
        services.GetRequiredService<LogoutDelivery>().SendDueAsync(stoppingToken);

    protected override void TellUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void TellFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Apps that are to be told of ended sessions cannot be looked up, and are until they can. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Telling apps of ended sessions failed; the next look goes on")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

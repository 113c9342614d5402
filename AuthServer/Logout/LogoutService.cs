using AuthServer.Outbox;

namespace AuthServer.Logout;

/// <summary>Tells apps in the background that sessions have ended.</summary>
internal sealed partial class LogoutService(
    IServiceScopeFactory scopes, WakeSignal<LogoutNotice> signal, TimeProvider time, ILogger<LogoutService> logger)
    : OutboxService<LogoutNotice, LogoutDelivery>(scopes, signal, time)
{
    protected override void LogUnavailable(string problem) => Log.Unavailable(logger, problem);

    protected override void LogFailed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "Cannot read from the database which apps to tell of ended "
                + "sessions; retrying. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Telling apps of ended sessions failed; retrying at the next look")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

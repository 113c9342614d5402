using AuthServer.Hosting;

namespace AuthServer.Logout;

/// <summary>Looks every few seconds for notices that are due, and at once when a session has ended on this node.</summary>
internal sealed partial class LogoutService(IServiceScopeFactory scopes, LogoutBell bell, TimeProvider time, ILogger<LogoutService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private bool isDatabaseAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await bell.WaitAsync(Interval, time, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await RunAsync(stoppingToken);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LogoutDelivery>().SendDueAsync(stoppingToken);
            isDatabaseAway = false;
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // What was not said is due for the next that looks.
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            if (!isDatabaseAway)
            {
                Log.Unavailable(logger, Failure.DatabaseProblem(exception));
            }

            isDatabaseAway = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug; the server has other things to do than to end of it.
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Apps that are to be told of ended sessions cannot be looked up, and are until they can. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Telling apps of ended sessions failed; the next look goes on")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

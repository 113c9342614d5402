using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>
/// Looks every few seconds for changes by other nodes and commands, and makes the changes that are due. While the database cannot be
/// reached, the node continues with the keys that it has.
/// </summary>
internal sealed partial class KeyWatch(
    KeyRing keys, KeyRotation rotation, IServiceScopeFactory scopes, IOptions<KeysOptions> options, TimeProvider time,
    ILogger<KeyWatch> logger)
    : BackgroundService
{
    // The time between two looks at the settings of all clients, which cost more than a look at the keys.
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset measuredAt;
    private bool isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // No exception at the stop: the host would log it if it has not started yet.
        while (await NextAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // After any failure the present keys stay in use. Logged once, not at every look.
                if (!isAway && !stoppingToken.IsCancellationRequested)
                {
                    Log.NotRefreshed(logger, Failure.DatabaseProblem(exception));
                }

                isAway = true;
            }
        }
    }

    private async Task<bool> NextAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(options.Value.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stoppingToken.IsCancellationRequested;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await keys.RefreshAsync(cancellationToken);
        if (isAway)
        {
            Log.RefreshedAgain(logger);
            isAway = false;
        }

        if (time.GetUtcNow() - measuredAt >= MeasureInterval)
        {
            await using var scope = scopes.CreateAsyncScope();
            await rotation.MeasureAsync(scope.ServiceProvider.GetRequiredService<AuthDbContext>(), keys.Schedule, cancellationToken);
            measuredAt = time.GetUtcNow();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning, Message = "The keys cannot be refreshed; the present ones stay in use. Retrying. {Reason}")]
        public static partial void NotRefreshed(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The keys are refreshed again")]
        public static partial void RefreshedAgain(ILogger logger);
    }
}

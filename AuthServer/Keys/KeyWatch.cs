using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Keys;

/// <summary>
/// Looks every few seconds for what other nodes and commands have changed, and does what is due. While the database is away
/// the node goes on with the keys that it has.
/// </summary>
internal sealed partial class KeyWatch(
    KeyRing keys, KeyRotation rotation, IServiceScopeFactory scopes, IOptions<KeysOptions> options, TimeProvider time, ILogger<KeyWatch> logger)
    : BackgroundService
{
    // Between looks at the settings of all clients, which cost more than a look at the keys.
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset measuredAt;
    private bool isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The end comes without an exception: the host would log one where it has not started yet.
        while (await NextAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever it is, the keys there are stay in use. Said once, not at every look.
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
        [LoggerMessage(Level = LogLevel.Warning, Message = "The keys cannot be refreshed; those that there are stay in use. Trying again until they can. {Reason}")]
        public static partial void NotRefreshed(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The keys are refreshed again")]
        public static partial void RefreshedAgain(ILogger logger);
    }
}

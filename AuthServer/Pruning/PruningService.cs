using System.Diagnostics;
using AuthServer.Hosting;
using Microsoft.Extensions.Options;

namespace AuthServer.Pruning;

/// <summary>Prunes at regular intervals, in the background.</summary>
internal sealed partial class PruningService(
    IServiceScopeFactory scopes, IOptions<PruningOptions> options, TimeProvider time, ILogger<PruningService> logger) : BackgroundService
{
    // Not at the start itself, when a node has enough to do.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var interval = options.Value.Interval;
        for (var wait = interval < FirstAfter ? interval : FirstAfter; await WaitAsync(wait, stoppingToken); wait = interval)
        {
            await RunAsync(stoppingToken);
        }
    }

    // No exception at the stop: the host would log it if it has not started yet.
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stoppingToken.IsCancellationRequested;
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var report = new PruneReport();
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<PruningRun>().RunAsync(report, stoppingToken))
            {
                var (what, seconds) = (report.ToString(), Stopwatch.GetElapsedTime(started).TotalSeconds);
                Log.Pruned(logger, what, seconds);
            }
            else
            {
                Log.Elsewhere(logger);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            var what = report.ToString();
            Log.Stopped(logger, what);
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            Log.Unavailable(logger, report.ToString(), Failure.DatabaseProblem(exception));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server.
            Log.Failed(logger, exception, report.ToString());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Pruned {Report:l} in {Seconds:0.0} s")]
        public static partial void Pruned(ILogger logger, string report, double seconds);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Another node is pruning")]
        public static partial void Elsewhere(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Pruning was stopped, after {Report:l}; the next run continues")]
        public static partial void Stopped(ILogger logger, string report);

        [LoggerMessage(
            Level = LogLevel.Warning, Message = "Pruning ended early, after {Report:l}; the next run continues. The database: {Problem}")]
        public static partial void Unavailable(ILogger logger, string report, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Pruning failed, after {Report:l}")]
        public static partial void Failed(ILogger logger, Exception exception, string report);
    }
}

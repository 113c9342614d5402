using System.Threading.Channels;

namespace AuthServer.Hosting;

/// <summary>
/// Writes what requests have queued, once a second, many entries at once. While the database is down, it keeps what fits and tries again.
/// </summary>
internal abstract class QueueRecorder<TEntry>(ChannelReader<TEntry> waiting, IServiceScopeFactory scopes, TimeProvider time)
    : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<TEntry> batch = [];
    private readonly Lock stopping = new();
    private Task? lastRound;

    // True if an earlier attempt may have written the batch, and its answer was lost.
    private bool isRepeated;

    /// <param name="services">Of a new scope.</param>
    /// <param name="isRepeated">True if an earlier attempt may have written the batch.</param>
    protected abstract Task WriteAsync(
        IServiceProvider services, IReadOnlyList<TEntry> batch, bool isRepeated, CancellationToken cancellationToken);

    /// <summary>Called after each round, for what the queue has dropped.</summary>
    protected abstract void AfterRound();

    protected abstract void LogUnavailable(string problem);

    protected abstract void LogFailed(Exception exception, int count);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WriteAllAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What has arrived until the stop is written, too.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is null or { IsCompleted: true })
        {
            // A host may be stopped twice at once.
            Task round;
            lock (stopping)
            {
                round = lastRound ??= WriteAllAsync(cancellationToken);
            }

            await round;
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        while (Fill() && await TryWriteAsync(cancellationToken))
        {
            batch.Clear();
        }

        AfterRound();
    }

    private bool Fill()
    {
        while (batch.Count < BatchSize && waiting.TryRead(out var entry))
        {
            batch.Add(entry);
        }

        return batch.Count > 0;
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var mayBeThere = isRepeated;
            isRepeated = true;
            await WriteAsync(scope.ServiceProvider, batch, mayBeThere, cancellationToken);
            isRepeated = false;
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            LogUnavailable(Failure.DatabaseProblem(exception));
            return false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server. The same batch would fail again.
            LogFailed(exception, batch.Count);
            isRepeated = false;
            return true;
        }
    }
}

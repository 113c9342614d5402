using AuthServer.Hosting;

namespace AuthServer.Outbox;

/// <summary>
/// Looks for due messages every few seconds, and at once when this node has saved one. It does not wait for the messages that it sends, so
/// a slow recipient holds up no other.
/// </summary>
internal abstract class OutboxService<TMessage, TDelivery>(IServiceScopeFactory scopes, WakeSignal<TMessage> signal, TimeProvider time)
    : BackgroundService
    where TMessage : OutboxMessage
    where TDelivery : OutboxDelivery<TMessage>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly List<Task> underWay = [];
    private bool isDatabaseAway;

    protected WakeSignal<TMessage> Signal => signal;

    protected TimeProvider Time => time;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(underWay);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WaitAsync(stoppingToken))
        {
            await RunAsync(delivery => SendDueAsync(delivery, stoppingToken), stoppingToken);
        }
    }

    /// <summary>Waits until it is time for the next look.</summary>
    /// <returns>False at the stop. No exception is thrown then: the host would log it if it has not started yet.</returns>
    protected virtual async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        await signal.WaitAsync(Interval, time, stoppingToken);
        return !stoppingToken.IsCancellationRequested;
    }

    /// <summary>Claims due messages and begins to send them.</summary>
    protected virtual Task SendDueAsync(TDelivery delivery, CancellationToken stoppingToken) =>
        BeginAsync(delivery, int.MaxValue, stoppingToken);

    /// <returns>A task for each message, which ends when the attempt has ended. The stop waits for them.</returns>
    protected async Task<IReadOnlyList<Task>> BeginAsync(TDelivery delivery, int atMost, CancellationToken stoppingToken)
    {
        underWay.RemoveAll(task => task.IsCompleted);
        var begun = new List<Task>();
        foreach (var message in await delivery.TakeAsync(atMost, stoppingToken))
        {
            begun.Add(SendAsync(message, stoppingToken));
        }

        underWay.AddRange(begun);
        return begun;
    }

    protected virtual void AfterAttempt(Delivery delivery)
    {
    }

    /// <summary>Called once when the database becomes unavailable, not at every look.</summary>
    protected abstract void LogUnavailable(string problem);

    protected abstract void LogFailed(Exception exception);

    private async Task SendAsync(TMessage message, CancellationToken stoppingToken)
    {
        // Without the yield, the look would wait for the attempt up to its first await.
        await Task.Yield();
        await RunAsync(async delivery => AfterAttempt(await delivery.SendAsync(message, stoppingToken)), stoppingToken);

        // Other messages may be waiting for its lane.
        signal.Give();
    }

    // Does a piece of work with a service scope of its own. A failure is logged, not thrown.
    private async Task RunAsync(Func<TDelivery, Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<TDelivery>());
            isDatabaseAway = false;
        }
        catch (Exception exception) when (exception is OperationCanceledException || stoppingToken.IsCancellationRequested)
        {
            // An unsent message stays due, and the next look finds it.
        }
        catch (Exception exception) when (Failure.IsDatabaseDown(exception))
        {
            if (!isDatabaseAway)
            {
                LogUnavailable(Failure.DatabaseProblem(exception));
            }

            isDatabaseAway = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A bug, but no reason to stop the server.
            LogFailed(exception);
        }
    }
}

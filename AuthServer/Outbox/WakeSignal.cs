namespace AuthServer.Outbox;

/// <summary>Wakes this node's <see cref="OutboxService{TMessage, TDelivery}"/> before its waiting time is over.</summary>
internal sealed class WakeSignal<TMessage> where TMessage : OutboxMessage
{
    private TaskCompletionSource given = New();

    public void Give() => Volatile.Read(ref given).TrySetResult();

    /// <summary>
    /// Waits for the signal, at most <paramref name="atMost"/>. Returns at once if it was given since the last wait. Also returns at the
    /// stop, without an exception.
    /// </summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stoppingToken)
    {
        await given.Task.WaitAsync(atMost, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Reset before the service looks for messages, so that no later signal is lost.
        Volatile.Write(ref given, New());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

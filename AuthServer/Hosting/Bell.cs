namespace AuthServer.Hosting;

/// <summary>Wakes a worker of this node before its waiting time is over.</summary>
internal abstract class Bell
{
    private TaskCompletionSource rung = Silent();

    public void Ring() => Volatile.Read(ref rung).TrySetResult();

    /// <summary>
    /// Waits until the bell rings, at most <paramref name="atMost"/>. Returns at once if it has rung since the last wait. Also returns
    /// at the stop, without an exception.
    /// </summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stoppingToken)
    {
        await rung.Task.WaitAsync(atMost, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Reset before the worker looks for work, so that no later ring is lost.
        Volatile.Write(ref rung, Silent());
    }

    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

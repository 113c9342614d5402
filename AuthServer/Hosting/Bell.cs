namespace AuthServer.Hosting;

/// <summary>Wakes a worker of this node before its time.</summary>
internal abstract class Bell
{
    private TaskCompletionSource rung = Silent();

    public void Ring() => Volatile.Read(ref rung).TrySetResult();

    /// <summary>Ends after <paramref name="atMost"/>, or when the bell has been rung since the last wait, or at the stop; never by an exception.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stoppingToken)
    {
        await rung.Task.WaitAsync(atMost, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Before anybody looks for work, so that whoever rings after this is heard.
        Volatile.Write(ref rung, Silent());
    }

    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

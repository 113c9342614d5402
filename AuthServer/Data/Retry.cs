namespace AuthServer.Data;

/// <summary>Repeats an action that another node may block for a moment.</summary>
internal static class Retry
{
    /// <param name="attempt">Returns true if the action is done.</param>
    /// <param name="pause">
    /// The least time between two attempts. A random part is added, so that nodes that began together spread out.
    /// </param>
    /// <returns>False if the last attempt failed, too.</returns>
    public static async Task<bool> UntilDoneAsync(
        Func<Task<bool>> attempt, int most, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var count = 1; ; count++)
        {
            if (await attempt())
            {
                return true;
            }

            if (count >= most)
            {
                return false;
            }

#pragma warning disable CA5394 // the number need not be unpredictable
            await Task.Delay(pause * (1 + Random.Shared.NextDouble()), time, cancellationToken);
#pragma warning restore CA5394
        }
    }
}

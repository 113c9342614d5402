namespace AuthServer.Data;

/// <summary>For what another node may be in the way of for a moment.</summary>
internal static class Attempts
{
    /// <param name="attempt">Whether it is done.</param>
    /// <param name="pause">Between two attempts. A random part is added, so that nodes that began at once do not meet again.</param>
    /// <returns>False when the last one was in vain, too.</returns>
    public static async Task<bool> MakeAsync(Func<Task<bool>> attempt, int most, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
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

#pragma warning disable CA5394 // nothing is kept secret by it
            await Task.Delay(pause * (1 + Random.Shared.NextDouble()), time, cancellationToken);
#pragma warning restore CA5394
        }
    }
}

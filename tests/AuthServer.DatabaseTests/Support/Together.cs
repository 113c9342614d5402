namespace AuthServer.DatabaseTests.Support;

/// <summary>Runs work concurrently.</summary>
internal static class Together
{
    /// <summary>
    /// Runs <paramref name="work"/> for each number below <paramref name="count"/>, on threads of their own until the first await.
    /// </summary>
    public static Task<TResult[]> RunAsync<TResult>(int count, Func<int, Task<TResult>> work)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, count).Select(number => Task.Run(async () =>
        {
            await start.Task;
            return await work(number);
        })).ToArray();
        start.SetResult();
        return Task.WhenAll(all);
    }
}

namespace AuthServer.Account;

/// <summary>Makes an answer take the same time whether or not the account exists.</summary>
internal static class UniformDuration
{
    // Longer than the few statements that only one of the two cases needs.
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(400);

    public static async Task RunAsync(Func<Task> work)
    {
        var rest = Task.Delay(AtLeast);
        await work();
        await rest;
    }
}

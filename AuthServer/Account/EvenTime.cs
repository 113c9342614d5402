namespace AuthServer.Account;

/// <summary>Has an answer take as long whether there is an account or not.</summary>
internal static class EvenTime
{
    // Longer than the few statements that make the difference.
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(400);

    public static async Task SpendAsync(Func<Task> work)
    {
        var rest = Task.Delay(AtLeast);
        await work();
        await rest;
    }
}

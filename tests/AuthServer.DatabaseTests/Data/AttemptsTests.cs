using AuthServer.Data;
using Microsoft.Extensions.Time.Testing;

namespace AuthServer.DatabaseTests.Data;

public sealed class AttemptsTests
{
    private readonly FakeTimeProvider time = new() { AutoAdvanceAmount = TimeSpan.Zero };

    [Theory]
    [InlineData(1, true, 1)]
    [InlineData(3, true, 3)]
    [InlineData(9, false, 5)]
    public async Task Attempts_end_with_the_first_success_or_the_last_attempt(int succeeds, bool expected, int made)
    {
        var count = 0;

        var run = Retry.UntilDoneAsync(
            () => Task.FromResult(++count >= succeeds), 5, TimeSpan.FromSeconds(1), time, TestContext.Current.CancellationToken);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal((expected, made), (await run, count));
    }
}

using AuthServer.Tests.Support;

namespace AuthServer.Tests.Connect;

/// <summary>
/// The memory that a warm request allocates, with the test's own client. What a request allocates, the collector has to clear away. The
/// limits are a fifth above the present figures.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Requests = 200;

    /// <summary>Allocations are counted for the whole process, so no other test may run beside these.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    [Theory]
    [InlineData("client_credentials", 96)]
    [InlineData("introspection", 100)]
    [InlineData("refresh", 328)]
    public async Task A_warm_request_allocates_no_more_KiB_than_before(string kind, int most)
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var orders = app.Client("orders", Seed.OrdersSecret);
        var job = app.Client("nightly-job", "nightly-job-demo-secret");
        var tokens = (await orders.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var refreshToken = tokens.RefreshToken;
        Func<Task> ask = kind switch
        {
            "refresh" => async () => refreshToken = (await orders.RefreshAsync(refreshToken)).AssertOk().RefreshToken,
            "introspection" => async () => (await orders.IntrospectAsync(tokens.AccessToken)).AssertOk(),
            _ => async () => (await job.ActForItselfAsync("notes.read")).AssertOk(),
        };
        await RepeatAsync(ask);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RepeatAsync(ask);
        var kibibytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / 1024.0 / Requests;

        Assert.True(kibibytes <= most, $"{kind}: {kibibytes:0.0} KiB a request");
    }

    private static async Task RepeatAsync(Func<Task> ask)
    {
        for (var i = 0; i < Requests; i++)
        {
            await ask();
        }
    }
}

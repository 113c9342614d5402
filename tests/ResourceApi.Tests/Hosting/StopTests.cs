using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class StopTests
{
    /// <summary>Milliseconds after the database file is there: while it is migrated, while the server starts, and after that.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(400)]
    [InlineData(500)]
    [InlineData(900)]
    public async Task A_stop_at_whatever_time_is_no_fault(int delay)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var process = ApiProcess.Start(
            ("Issuer:Authority", "http://localhost:1"),
            ("Api:Resource", ResourceApiApp.Resource),
            ("ConnectionStrings:ResourceApi", "Data Source=api.db"),
            ("ASPNETCORE_HTTP_PORTS", $"{TestIssuer.FreePort()}"));
        await Eventually.TrueAsync(() => Task.FromResult(process.HasFile("api.db")));
        await Task.Delay(delay);

        await process.TerminateAsync();

        // 143: nobody listens for the signal yet, and the runtime ends the program.
        Assert.True(await process.ExitCodeAsync() is 0 or 143, process.Output);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", process.Output, StringComparison.Ordinal);
    }
}

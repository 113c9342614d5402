using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class StopTests
{
    /// <summary>
    /// Milliseconds after the database file exists: during the migration, during the start of the server, and later.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(400)]
    [InlineData(500)]
    [InlineData(900)]
    public async Task A_stop_at_any_time_is_not_reported_as_a_fault(int delay)
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

        // 143: the program does not handle the signal yet, so the runtime ends it.
        Assert.True(await process.ExitCodeAsync() is 0 or 143, process.Output);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", process.Output, StringComparison.Ordinal);
    }
}

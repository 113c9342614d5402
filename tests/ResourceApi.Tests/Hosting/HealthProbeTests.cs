using FsCheck.Xunit;
using Microsoft.Extensions.Configuration;
using ResourceApi.Hosting;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class HealthProbeTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData(null, null, "http://localhost:5000")]
    [InlineData(null, "8080", "http://localhost:8080")]
    [InlineData(null, "8080;8081", "http://localhost:8080")]
    [InlineData("http://localhost:8410", "8080", "http://localhost:8410")]
    [InlineData("http://+:8410", null, "http://localhost:8410")]
    [InlineData("http://*:8410/", null, "http://localhost:8410")]
    [InlineData("http://0.0.0.0:8410;https://+:8443", null, "http://localhost:8410")]
    [InlineData("http://[::]:8410", null, "http://localhost:8410")]
    [InlineData("http://127.0.0.1:8410", null, "http://127.0.0.1:8410")]
    [InlineData("http://api.internal", null, "http://api.internal")]
    public void The_probe_calls_where_the_server_listens(string? urls, string? httpPorts, string address) =>
        Assert.Equal(new Uri(address), HealthProbe.Address(urls, httpPorts));

    [Property]
    public bool Any_port_is_found_again(ushort port, bool asUrl) =>
        HealthProbe.Address(asUrl ? $"http://+:{port}" : null, asUrl ? null : $"{port}") == new Uri($"http://localhost:{port}");

    [Fact]
    public async Task A_living_server_is_healthy() =>
        Assert.Equal(0, await HealthProbe.RunAsync(Listening(running.Api.Address)));

    [Fact]
    public async Task A_missing_server_is_not_healthy() =>
        Assert.Equal(1, await HealthProbe.RunAsync(Listening(new Uri($"http://localhost:{TestIssuer.FreePort()}"))));

    private static IConfiguration Listening(Uri address) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("urls", address.AbsoluteUri)]).Build();
}

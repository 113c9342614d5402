using System.Net;
using AuthServer.Hosting;
using AuthServer.Requests;
using AuthServer.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace AuthServer.Tests.Requests;

public sealed class HealthTests
{
    // As a JSON string.
    private static readonly string Version = $"\"{ProgramVersion.Text}\"";

    [Fact]
    public async Task A_running_server_is_live_and_ready()
    {
        await using var app = await AuthServerApp.StartAsync();

        Assert.Equal(
            (HttpStatusCode.OK, $$$"""{"status":"Healthy","version":{{{Version}}},"checks":{}}"""), await GetAsync(app, "/health/live"));
        Assert.Equal(
            (HttpStatusCode.OK, $$$"""{"status":"Healthy","version":{{{Version}}},"checks":{"database":"Healthy","keys":"Healthy"}}"""),
            await GetAsync(app, "/health/ready"));
    }

    [Theory]
    [InlineData("", "X-Forwarded-For", "203.0.113.1")]
    [InlineData("", "X-Forwarded-Proto", "https")]
    [InlineData("127.0.0.1 ::1", "X-Forwarded-For", "203.0.113.1")]
    [InlineData("127.0.0.1 ::1", "X-Forwarded-For", "127.0.0.1")]
    [InlineData("127.0.0.1 ::1", "X-Forwarded-Proto", "https")]
    [InlineData("", "Forwarded", "for=203.0.113.1")]
    [InlineData("", "Via", "1.1 proxy")]
    public async Task The_answer_to_a_request_through_a_proxy_has_no_version(string known, string header, string value)
    {
        await using var app = await AuthServerApp.StartAsync(("Proxies:KnownProxies", known));

        Assert.Equal((HttpStatusCode.OK, """{"status":"Healthy","checks":{}}"""), await GetAsync(app, "/health/live", (header, value)));
    }

    [Fact]
    public async Task The_answer_to_a_request_from_another_machine_has_no_version()
    {
        if (Array.Find(await Dns.GetHostAddressesAsync(Dns.GetHostName()), IsOfTheNetwork) is not { } address)
        {
            Assert.Skip("This machine has no address but those of itself.");
            return;
        }

        await using var app = await AuthServerApp.StartAsync(("urls", "http://[::]:0"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var url = new UriBuilder("http", address.ToString(), app.Http.BaseAddress!.Port, "/health/live").Uri;

        Assert.Equal("""{"status":"Healthy","checks":{}}""", await http.GetStringAsync(url));
    }

    [Fact]
    public async Task Without_its_database_the_server_is_live_but_not_ready()
    {
        await using var app = await AuthServerApp.StartAsync();
        app.LoseDatabase();

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/health/live")).Status);
        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                $$$"""{"status":"Unhealthy","version":{{{Version}}},"checks":{"database":"Unhealthy","keys":"Healthy"}}"""),
            await GetAsync(app, "/health/ready"));
    }

    [Fact]
    public async Task With_an_older_schema_the_server_is_not_ready()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.SqlAsync("""DELETE FROM "__EFMigrationsHistory" """);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(app, "/health/ready")).Status);
    }

    [Fact]
    public async Task Probes_leave_no_line_in_the_log_unless_they_fail()
    {
        await using var app = await AuthServerApp.StartAsync();
        await GetAsync(app, "/health/ready");
        var quiet = app.Log.Count;
        app.LoseDatabase();
        await GetAsync(app, "/health/ready");

        await app.StopAsync();
        Assert.DoesNotContain(app.Log.Take(quiet), line => line.Contains("/health", StringComparison.Ordinal));
        var line = Assert.Single(app.Log.Skip(quiet), line => line.Contains("/health", StringComparison.Ordinal));
        Assert.Contains("\"@l\":\"Error\"", line, StringComparison.Ordinal);
        Assert.Contains("The schema is not up to date.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_command_ends_with_0_for_a_ready_server_and_1_otherwise()
    {
        await using var app = await AuthServerApp.StartAsync();
        var ready = new Uri(app.Http.BaseAddress!, "/health/ready");
        Assert.Equal(0, await HealthProbe.RunAsync(ready));

        app.LoseDatabase();
        Assert.Equal(1, await HealthProbe.RunAsync(ready));
        Assert.Equal(1, await HealthProbe.RunAsync(new Uri("http://localhost:1/health/ready")));
    }

    [Theory]
    [InlineData(null, null, "http://localhost:5000/health/ready")]
    [InlineData(null, "8080", "http://localhost:8080/health/ready")]
    [InlineData("http://+:8400", "8080", "http://localhost:8400/health/ready")]
    [InlineData("http://0.0.0.0:8400;https://*:8443", null, "http://localhost:8400/health/ready")]
    [InlineData("http://[::]:8400", null, "http://localhost:8400/health/ready")]
    [InlineData("https://login.example:8443/", null, "https://login.example:8443/health/ready")]
    public void The_probe_command_uses_the_address_at_which_the_server_listens(string? urls, string? ports, string address)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = urls, ["http_ports"] = ports })
            .Build();

        Assert.Equal(new Uri(address), HealthProbe.Address(configuration));
    }

    private static bool IsOfTheNetwork(IPAddress address) => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal;

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(
        AuthServerApp app, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await app.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

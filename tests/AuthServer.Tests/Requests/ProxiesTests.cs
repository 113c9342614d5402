using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

/// <summary>Behind a proxy: which forwarded headers decide on the scheme and on the client's address.</summary>
public sealed class ProxiesTests
{
    private const string Metadata = "/.well-known/openid-configuration";

    private static readonly (string, string) HttpsIssuer = ("Connect:Issuer", "https://login.example/");
    private static readonly (string, string) ThisMachineIsAProxy = ("Proxies:KnownProxies", "127.0.0.1 ::1");

    [Theory]
    [InlineData(Metadata)]
    [InlineData("/connect/token")]
    [InlineData("/connect/userinfo")]
    [InlineData("/no-such-page")]
    public async Task With_an_https_issuer_plain_http_is_refused(string path)
    {
        await using var app = await AuthServerApp.StartAsync(HttpsIssuer);

        (await SendAsync(app, path)).AssertRefused("invalid_request");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_may_use_plain_http(string path)
    {
        await using var app = await AuthServerApp.StartAsync(HttpsIssuer);

        (await SendAsync(app, path)).AssertOk();
    }

    [Fact]
    public async Task A_known_proxy_may_report_https()
    {
        await using var app = await AuthServerApp.StartAsync(
            HttpsIssuer, ThisMachineIsAProxy, ("environment", "Production"), ("Keys:AllowUnprotectedKeyRing", "true"));

        var answer = (await SendAsync(app, Metadata, ("X-Forwarded-Proto", "https"))).AssertOk();

        Assert.Equal("https://login.example/connect/token", answer["token_endpoint"]);
        Assert.Equal(["max-age=31536000"], answer.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_proxy_in_a_known_network_may_report_https()
    {
        await using var app = await AuthServerApp.StartAsync(
            HttpsIssuer, ("Proxies:KnownNetworks:0", "127.0.0.0/8"), ("Proxies:KnownNetworks:1", "::1/128"));

        (await SendAsync(app, Metadata, ("X-Forwarded-Proto", "https"))).AssertOk();
    }

    [Theory]
    [InlineData("Proxies:KnownProxies", "")]
    [InlineData("Proxies:KnownProxies", "192.0.2.1")]
    [InlineData("ForwardedHeaders_Enabled", "true")]
    public async Task An_unknown_proxy_may_not_report_https(string key, string value)
    {
        await using var app = await AuthServerApp.StartAsync(HttpsIssuer, (key, value));

        (await SendAsync(app, Metadata, ("X-Forwarded-Proto", "https"))).AssertRefused("invalid_request");
    }

    [Theory]
    [InlineData("", "X-Forwarded-For", 1)]
    [InlineData("192.0.2.1", "X-Forwarded-Proto", 1)]
    [InlineData("127.0.0.1 ::1", "X-Forwarded-For", 0)]
    [InlineData("", "X-Request-Id", 0)]
    public async Task The_log_names_an_untrusted_proxy_once(string known, string header, int times)
    {
        await using var app = await AuthServerApp.StartAsync(("Proxies:KnownProxies", known));
        for (var count = 0; count < 3; count++)
        {
            (await SendAsync(app, Metadata, (header, header is "X-Forwarded-Proto" ? "https" : "203.0.113.1"))).AssertOk();
        }

        var told = app.Log.Where(line => line.Contains("Proxies:KnownProxies", StringComparison.Ordinal)).ToList();
        Assert.Equal(times, told.Count);
        Assert.All(told, line => Assert.Contains("127.0.0.1", line, StringComparison.Ordinal));
        Assert.All(told, line => Assert.Contains("\"@l\":\"Warning\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_clients_of_a_known_proxy_are_throttled_separately()
    {
        await using var app = await AuthServerApp.StartAsync(ThisMachineIsAProxy, ("Throttling:RequestsPerAddress", "1"));

        Assert.Equal("taken taken refused", await TryAsync(app, "203.0.113.1", "203.0.113.1", "203.0.113.1"));
        Assert.Equal("taken", await TryAsync(app, "203.0.113.2"));

        // A subscriber of an IPv6 network has all its addresses.
        Assert.Equal("taken taken refused", await TryAsync(app, "2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"));
        Assert.Equal("taken", await TryAsync(app, "2001:db8:0:1::1"));
    }

    [Fact]
    public async Task Without_a_known_proxy_invented_addresses_do_not_help_a_client()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:RequestsPerAddress", "1"));

        Assert.Equal("taken taken refused", await TryAsync(app, "203.0.113.1", "203.0.113.2", "203.0.113.3"));
    }

    [Fact]
    public async Task Prepended_addresses_do_not_help_a_client_behind_a_known_proxy()
    {
        await using var app = await AuthServerApp.StartAsync(
            ThisMachineIsAProxy, ("Throttling:RequestsPerAddress", "1"), ("Proxies:ForwardLimit", "5"));

        Assert.Equal(
            "taken taken refused",
            await TryAsync(app, "198.51.100.1, 203.0.113.1", "198.51.100.2, 203.0.113.1", "198.51.100.3, 203.0.113.1"));
    }

    private static async Task<string> TryAsync(AuthServerApp app, params string[] forwardedFor)
    {
        var outcomes = new List<string>();
        foreach (var addresses in forwardedFor)
        {
            var answer = await SendAsync(app, "/connect/token", ("X-Forwarded-For", addresses));
            outcomes.Add(answer.Status is HttpStatusCode.TooManyRequests ? "refused" : "taken");
        }

        return string.Join(' ', outcomes);
    }

    private static async Task<Answer> SendAsync(AuthServerApp app, string path, params (string Name, string Value)[] headers)
    {
        // The token endpoint does not accept GET (RFC 6749 3.2).
        using var request = new HttpRequestMessage(path is "/connect/token" ? HttpMethod.Post : HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Answer.ReadAsync(await app.Http.SendAsync(request));
    }
}

using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ResourceApi.Bearer;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class BackChannelTests
{
    [Fact]
    public async Task The_issuer_is_called_at_the_back_channel_address_with_its_own_host_name()
    {
        await using var issuer = await TestIssuer.StartedAsync(authority: "https://login.example.test");
        await using var api = new ResourceApiApp(issuer, settings: ("Issuer:BackChannelAddress", issuer.Address.AbsoluteUri));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
        Assert.Equal("login.example.test", Assert.Single(issuer.Hosts));
    }

    [Fact]
    public async Task A_token_that_names_the_back_channel_as_its_issuer_is_refused()
    {
        await using var issuer = await TestIssuer.StartedAsync(authority: "https://login.example.test");
        await using var api = new ResourceApiApp(issuer, settings: ("Issuer:BackChannelAddress", issuer.Address.AbsoluteUri));

        var response = await api.GetAsync("/api/me", issuer.Token(token => token.Claims["iss"] = issuer.Address.AbsoluteUri));

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_empty_back_channel_address_counts_as_not_set()
    {
        await using var issuer = await TestIssuer.StartedAsync();
        await using var api = new ResourceApiApp(issuer, settings: ("Issuer:BackChannelAddress", ""));

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/me", issuer.Token())).StatusCode);
    }

    [Theory]
    [InlineData("https://login.example.test/.well-known/jwks?a=b", "http://authserver:8080/.well-known/jwks?a=b", "login.example.test")]
    [InlineData("https://LOGIN.example.test:443/x", "http://authserver:8080/x", "login.example.test")]
    [InlineData("https://login.example.test:8443/x", "https://login.example.test:8443/x", null)]
    [InlineData("http://login.example.test/x", "http://login.example.test/x", null)]
    [InlineData("https://login.example.test.evil.test/x", "https://login.example.test.evil.test/x", null)]
    public async Task Only_requests_for_the_issuers_origin_are_redirected(string requested, string dialled, string? host)
    {
        var options = new IssuerOptions { Authority = "https://login.example.test", BackChannelAddress = "http://authserver:8080" };
        using var network = new Network();
        using var handler =
            new BackChannelHandler(Options.Create(options), NullLogger<BackChannelHandler>.Instance) { InnerHandler = network };
        using var client = new HttpClient(handler);

        await client.GetAsync(new Uri(requested), TestContext.Current.CancellationToken);

        Assert.Equal(new Uri(dialled), network.Request!.RequestUri);
        Assert.Equal(host, network.Request.Headers.Host);
    }

    private sealed class Network : HttpMessageHandler
    {
        public HttpRequestMessage? Request { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = request;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}

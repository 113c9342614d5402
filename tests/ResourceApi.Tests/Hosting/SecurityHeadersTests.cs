using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Hosting;

public sealed class SecurityHeadersTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("/api/me", true)]
    [InlineData("/api/me", false)]
    [InlineData("/nothing", false)]
    [InlineData("/health/live", false)]
    [InlineData("/.well-known/oauth-protected-resource", false)]
    public async Task Every_response_forbids_browsers_to_store_frame_or_sniff_it(string path, bool withToken)
    {
        var response = await running.Api.GetAsync(path, withToken ? running.Issuer.Token() : null);

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.False(response.Headers.Contains("Server"));

        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
    }
}

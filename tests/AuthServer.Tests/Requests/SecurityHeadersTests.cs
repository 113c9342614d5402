using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

public sealed class SecurityHeadersTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string, string> Answers => new()
    {
        { "GET", "/.well-known/openid-configuration" },
        { "GET", "/.well-known/jwks" },
        { "GET", "/health/live" },
        { "GET", "/connect/token" },
        { "POST", "/connect/token" },
        { "GET", "/connect/userinfo" },
        { "GET", "/connect/no-such-endpoint" },
        { "GET", "/no-such-page" },
    };

    /// <summary>Pages have their own policies for their content.</summary>
    public static TheoryData<string> Pages =>
    [
        "/account/login",
        "/account/register",
        "/account/forgot",
        "/account/logout",
        "/connect/authorize",
        "/error",
        "/account/no-such-page",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_response_has_the_headers_even_an_error(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.App.Http.SendAsync(request);

        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(response, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(response, "Content-Security-Policy"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"), "RFC 6797 7.2: not over plain http");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_has_the_headers_and_switches_off_powerful_browser_features(string path)
    {
        using var response = await server.App.Http.GetAsync(path);

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Contains("frame-ancestors 'none'", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
        var policy = Header(response, "Permissions-Policy");
        Assert.All(
            ["camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"],
            power => Assert.Contains(power, policy, StringComparison.Ordinal));
        Assert.DoesNotContain("publickey-credentials", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/userinfo")]
    [InlineData("/connect/no-such-endpoint")]
    [InlineData("/health/ready")]
    public async Task Answers_about_tokens_and_state_are_not_stored(string path)
    {
        using var response = await server.App.Http.GetAsync(path);

        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks")]
    public async Task Metadata_and_keys_may_be_kept_for_five_minutes(string path)
    {
        using var response = await server.App.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        Assert.False(response.Headers.Contains("Pragma"));
        Assert.Equal("cross-origin", Header(response, "Cross-Origin-Resource-Policy"));
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}

using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

/// <summary>RFC 9110 9: the answer to each method.</summary>
public sealed class RequestMethodsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/connect/userinfo")]
    [InlineData("/account/login")]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/endsession")]
    public async Task HEAD_is_answered_as_GET_is_without_a_body(string path)
    {
        using var get = await SendAsync(HttpMethod.Get, path);
        using var head = await SendAsync(HttpMethod.Head, path);

        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Equal(get.Headers.Location?.OriginalString.Split('?')[0], head.Headers.Location?.OriginalString.Split('?')[0]);
        Assert.Equal(get.Headers.CacheControl?.ToString(), head.Headers.CacheControl?.ToString());
        Assert.Empty(await head.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("POST", "/.well-known/openid-configuration", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/.well-known/jwks", "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/health/ready", "GET, HEAD, OPTIONS")]
    [InlineData("GET", "/connect/token", "POST, OPTIONS")]
    [InlineData("HEAD", "/connect/token", "POST, OPTIONS")]
    [InlineData("GET", "/connect/par", "POST, OPTIONS")]
    [InlineData("PUT", "/connect/userinfo", "GET, HEAD, POST, OPTIONS")]
    [InlineData("PATCH", "/connect/authorize", "GET, HEAD, POST, OPTIONS")]
    [InlineData("DELETE", "/account/login", "GET, HEAD, POST, OPTIONS")]
    public async Task Another_method_is_answered_with_405_and_the_allowed_methods(string method, string path, string allowed)
    {
        using var response = await SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("/connect/token", "POST, OPTIONS")]
    [InlineData("/.well-known/jwks", "GET, HEAD, OPTIONS")]
    [InlineData("/account", "GET, HEAD, POST, OPTIONS")]
    public async Task OPTIONS_lists_the_methods(string path, string allowed)
    {
        using var response = await SendAsync(HttpMethod.Options, path);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.App.Http.BaseAddress };
        using var request = new HttpRequestMessage(method, path);
        return await http.SendAsync(request);
    }
}

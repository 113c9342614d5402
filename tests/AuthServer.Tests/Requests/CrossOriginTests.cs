using System.Net;
using AuthServer.Clients;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Requests;

public sealed class CrossOriginTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks")]
    public async Task Scripts_of_every_origin_may_read_the_metadata_and_keys(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, "https://anybody.example");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("*", Allowed(response));
    }

    [Theory]
    [InlineData("https://kiosk.example")]
    [InlineData("http://localhost:3000")]
    public async Task A_registered_apps_scripts_may_read_tokens_and_refusals(string origin)
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/connect/token"),
            (HttpMethod.Post, "/connect/revoke"),
            (HttpMethod.Get, "/connect/userinfo"),
        })
        {
            using var response = await SendAsync(method, path, origin);

            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.Equal(origin, Allowed(response));
            Assert.Contains("Origin", response.Headers.Vary);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("https://anybody.example")]
    [InlineData("https://kiosk.example.evil.example")]
    [InlineData("http://kiosk.example")]
    [InlineData("https://kiosk.example:444")]
    [InlineData("https://lobby.example")]
    [InlineData("com.example.kiosk:")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task Scripts_of_other_origins_may_not_read_them(string origin)
    {
        using var response = await SendAsync(HttpMethod.Post, "/connect/token", origin);
        using var preflight = await PreflightAsync("/connect/token", origin);

        Assert.Null(Allowed(response));
        Assert.Null(Allowed(preflight));
    }

    [Fact]
    public async Task A_new_redirect_URI_makes_its_origin_known_within_ten_seconds()
    {
        await using var app = await AuthServerApp.StartAsync();
        Assert.Null(await OriginAllowedAsync());
        await app.SqlAsync(
            """UPDATE "Clients" SET "RedirectUris" = '["https://lobby.example:8443/signed-in", "com.example.kiosk:/signed-in"]' WHERE "ClientId" = 'kiosk'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("https://lobby.example:8443", await OriginAllowedAsync());

        async Task<string?> OriginAllowedAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
            request.Headers.Add("Origin", "https://lobby.example:8443");
            using var response = await app.Http.SendAsync(request);
            return Allowed(response);
        }
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks")]
    public async Task A_cached_response_to_a_request_without_Origin_also_works_for_scripts(string path)
    {
        using var response = await server.App.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("*", Allowed(response));
        Assert.True(response.Headers.CacheControl?.Public);
    }

    [Fact]
    public async Task A_script_can_read_that_the_database_is_away_and_when_to_retry()
    {
        await using var app = await AuthServerApp.StartAsync();
        using (var before = await AskAsync(HttpMethod.Post))
        {
            Assert.Equal("https://kiosk.example", Allowed(before));
        }

        app.LoseDatabase();
        app.Clock.Advance(TimeSpan.FromSeconds(30));

        using var preflight = await AskAsync(HttpMethod.Options);
        using var response = await AskAsync(HttpMethod.Post);
        app.FindDatabase();

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://kiosk.example", Allowed(preflight));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("https://kiosk.example", Allowed(response));
        Assert.Contains("Retry-After", response.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);

        async Task<HttpResponseMessage> AskAsync(HttpMethod method)
        {
            using var request = new HttpRequestMessage(method, "/connect/token");
            request.Headers.Add("Origin", "https://kiosk.example");
            if (method == HttpMethod.Options)
            {
                request.Headers.Add("Access-Control-Request-Method", "POST");
            }
            else
            {
                request.Content = new FormUrlEncodedContent([
                    KeyValuePair.Create("client_id", "kiosk"), KeyValuePair.Create("grant_type", "password"),
                    KeyValuePair.Create("username", "alice"), KeyValuePair.Create("password", "correct-horse-apple")]);
            }

            return await app.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Scripts_may_not_use_introspection()
    {
        using var preflight = await PreflightAsync("/connect/introspect", "https://kiosk.example");

        Assert.Null(Allowed(preflight));
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/userinfo")]
    public async Task The_preflight_of_a_registered_app_is_answered(string path)
    {
        using var preflight = await PreflightAsync(path, "https://kiosk.example");

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://kiosk.example", Allowed(preflight));
        Assert.Contains("POST", preflight.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Contains("Authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_script_of_a_registered_app_signs_a_user_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_id"] = "kiosk",
                ["grant_type"] = "password",
                ["username"] = "alice",
                ["password"] = "correct-horse-apple",
            }),
        };
        request.Headers.Add("Origin", "https://kiosk.example");

        using var response = await server.App.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("https://kiosk.example", Allowed(response));
    }

    [Theory]
    [InlineData("https://App.Example/callback?x=1", "https://app.example")]
    [InlineData("https://app.example:443", "https://app.example")]
    [InlineData("http://localhost:5173/", "http://localhost:5173")]
    [InlineData("http://[::1]:5173/", "http://[::1]:5173")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    [InlineData("com.example.app:/callback", null)]
    [InlineData("not an address", null)]
    public void Origins_are_written_as_by_browsers(string address, string? origin) => Assert.Equal(origin, ClientOrigins.Of(address));

    private Task<HttpResponseMessage> PreflightAsync(string path, string origin) =>
        SendAsync(
            HttpMethod.Options,
            path,
            origin,
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type"));

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await server.App.Http.SendAsync(request);
    }

    private static string? Allowed(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
}

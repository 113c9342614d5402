using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 8414, OAuth 2.0 Authorization Server Metadata, and OpenID Connect Discovery 1.0.</summary>
public sealed class Rfc8414MetadataTests
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Section_3_The_document_names_the_issuer_and_the_endpoints(string path)
    {
        await using var app = await AuthServerApp.StartAsync();

        var document = JsonDocument.Parse(await app.Http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

        Assert.Equal("http://localhost:8400/", document.GetProperty("issuer").GetString());
        Assert.Equal("http://localhost:8400/connect/authorize", document.GetProperty("authorization_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/par", document.GetProperty("pushed_authorization_request_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/endsession", document.GetProperty("end_session_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/device", document.GetProperty("device_authorization_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/token", document.GetProperty("token_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/introspect", document.GetProperty("introspection_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/revoke", document.GetProperty("revocation_endpoint").GetString());
        Assert.Equal("http://localhost:8400/connect/userinfo", document.GetProperty("userinfo_endpoint").GetString());
        Assert.Equal("http://localhost:8400/.well-known/jwks", document.GetProperty("jwks_uri").GetString());
        Assert.Equal(
            ["authorization_code", "client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
            Values(document, "grant_types_supported"));
        Assert.Equal(["RS256"], Values(document, "id_token_signing_alg_values_supported"));
        Assert.Equal(
            [
                "email",
                "notes.read",
                "notes.write",
                "offline_access",
                "openid",
                "profile",
                "reports.close",
                "reports.read",
                "roles",
                "users.read",
            ],
            Values(document, "scopes_supported"));
        Assert.All(
            ["token", "revocation", "device_authorization", "pushed_authorization_request"],
            endpoint => Assert.Equal(
                ["client_secret_basic", "client_secret_post", "none", "private_key_jwt"],
                Values(document, $"{endpoint}_endpoint_auth_methods_supported")));
    }

    [Fact]
    public async Task Section_2_Disabled_features_are_not_advertised_and_required_members_are_present()
    {
        await using var app = await AuthServerApp.StartAsync();

        var document =
            JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative))).RootElement;

        Assert.Equal(["code"], Values(document, "response_types_supported"));
        Assert.Equal(["form_post", "fragment", "query"], Values(document, "response_modes_supported"));
        Assert.Equal(["S256"], Values(document, "code_challenge_methods_supported"));
        Assert.Equal(["aal1", "aal2", "phr"], Values(document, "acr_values_supported"));
        Assert.Equal(["de", "en", "es", "ja", "ko"], Values(document, "ui_locales_supported"));
        Assert.All(
            ["token", "introspection", "revocation"],
            endpoint => Assert.Equal(
                ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"],
                Values(document, $"{endpoint}_endpoint_auth_signing_alg_values_supported")));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.Equal(["public"], Values(document, "subject_types_supported"));
        Assert.False(document.TryGetProperty("registration_endpoint", out _));
    }

    [Fact]
    public async Task Section_3_3_The_addresses_are_the_issuers_for_any_Host_header()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration") { Headers = { Host = "evil.example" } };

        var answer = await Answer.ReadAsync(await app.Http.SendAsync(request));

        Assert.DoesNotContain("evil.example", answer.AssertOk().Body, StringComparison.Ordinal);
        Assert.Equal("http://localhost:8400/connect/token", answer["token_endpoint"]);
    }

    [Fact]
    public async Task The_published_keys_are_public_halves_with_an_id_a_use_and_an_algorithm()
    {
        await using var app = await AuthServerApp.StartAsync();

        var keys = JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/.well-known/jwks", UriKind.Relative)))
            .RootElement.GetProperty("keys").EnumerateArray().ToList();

        Assert.Equal(["ES256", "RS256"], keys.Select(key => key.GetProperty("alg").GetString()).Order());
        Assert.All(keys, key =>
        {
            Assert.Equal("sig", key.GetProperty("use").GetString());
            Assert.NotEmpty(key.GetProperty("kid").GetString()!);
            Assert.All(["d", "p", "q", "dp", "dq", "qi", "k"], secret => Assert.False(key.TryGetProperty(secret, out _)));
        });
    }

    private static string[] Values(JsonElement document, string member) =>
        [.. document.GetProperty(member).EnumerateArray().Select(value => value.GetString()!).Order(StringComparer.Ordinal)];
}

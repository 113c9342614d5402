using System.Net;
using System.Text.Json.Nodes;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.Bearer;

public sealed class ResourceMetadataTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task Anybody_can_read_whose_tokens_are_accepted()
    {
        var response = await running.Api.GetAsync("/.well-known/oauth-protected-resource");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var expected = new JsonObject
        {
            ["resource"] = ResourceApiApp.Resource,
            ["authorization_servers"] = new JsonArray(running.Issuer.Authority.AbsoluteUri),
            ["scopes_supported"] = new JsonArray("users.read", "notes.read", "notes.write"),
            ["bearer_methods_supported"] = new JsonArray("header"),
        };
        Assert.True(JsonNode.DeepEquals(expected, await response.JsonAsync()));
    }

    [Fact]
    public async Task The_metadata_of_a_resource_with_a_path_is_between_host_and_path()
    {
        const string Resource = "https://api.example.test/orders/v1";
        await using var api = new ResourceApiApp(running.Issuer, settings: ("Api:Resource", Resource));

        var response = await api.GetAsync("/.well-known/oauth-protected-resource/orders/v1");

        Assert.Equal(Resource, (string?)(await response.JsonAsync())["resource"]);
        Assert.Equal(
            "resource_metadata=\"https://api.example.test/.well-known/oauth-protected-resource/orders/v1\", scope=\"users.read\"",
            Assert.Single((await api.GetAsync("/api/me")).Headers.WwwAuthenticate).Parameter);
    }
}

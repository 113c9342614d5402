using System.Text.Json.Nodes;
using ResourceApi.Tests.Support;

namespace ResourceApi.Tests.People;

public sealed class MeTests(RunningApi running) : IClassFixture<RunningApi>
{
    [Fact]
    public async Task The_caller_is_described_as_in_the_token()
    {
        var subject = Guid.CreateVersion7().ToString();
        var token = running.Issuer.Token(token =>
        {
            (token.Claims["sub"], token.Claims["name"], token.Claims["email"]) = (subject, "Ada", "ada@example.test");
            (token.Claims["role"], token.Claims["scope"]) = (new JsonArray("admin", "auditor"), "profile email users.read");
        });

        var me = await (await running.Api.GetAsync("/api/me", token)).JsonAsync();

        var expected = new JsonObject
        {
            ["subject"] = subject,
            ["clientId"] = "orders",
            ["name"] = "Ada",
            ["email"] = "ada@example.test",
            ["roles"] = new JsonArray("admin", "auditor"),
            ["scopes"] = new JsonArray("profile", "email", "users.read"),
        };
        Assert.True(JsonNode.DeepEquals(expected, me), me.ToJsonString());
    }

    [Fact]
    public async Task The_user_name_replaces_a_missing_name()
    {
        var token = running.Issuer.Token(token => token.Claims["preferred_username"] = "ada");

        var me = await (await running.Api.GetAsync("/api/me", token)).JsonAsync();

        Assert.Equal("ada", (string?)me["name"]);
    }

    [Fact]
    public async Task A_client_that_calls_for_itself_is_its_own_subject()
    {
        var token = running.Issuer.Token(token => (token.Claims["sub"], token.Claims["client_id"]) = ("nightly-job", "nightly-job"));

        var me = await (await running.Api.GetAsync("/api/me", token)).JsonAsync();

        Assert.Equal("nightly-job", (string?)me["subject"]);
    }
}

using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The roles of the administration API, over HTTP.</summary>
public sealed class RolesApiTests
{
    [Theory]
    [InlineData("\\u202E")]
    [InlineData("cust\\u200Bomer")]
    public async Task A_name_that_cannot_be_seen_is_refused(string name)
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var dave = await app.IdOfAsync("dave");

        foreach (var refused in new[]
        {
            await root.PostAsync("roles", $$"""{ "name": "{{name}}" }"""),
            await root.PatchAsync("roles/customer", $$"""{ "name": "{{name}}" }"""),
        })
        {
            refused.AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
            Assert.Equal("/name", refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        (await root.DeleteAsync($"users/{dave}/roles/%E2%80%AE")).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        (await root.PostAsync($"users/{dave}/roles/%E2%80%AE")).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
    }
}

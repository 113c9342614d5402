using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The keys of the administration API, over HTTP.</summary>
public sealed class KeysApiTests
{
    [Fact]
    public async Task Keys_are_rotated_and_revoked()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var before = (await root.GetAsync("keys")).AssertOk().Json.GetProperty("items").EnumerateArray().ToList();
        Assert.All(before, key => Assert.Equal("active", key.GetProperty("state").GetString()));

        var next = (await root.PostAsync("keys/rotate", "{}")).AssertOk().Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(before.Count, next.Count);
        Assert.All(next, key => Assert.Equal("announced", key.GetProperty("state").GetString()));

        var announced = next[^1];
        var revoked = (await root.PostAsync($"keys/{announced.GetProperty("id")}/revoke")).AssertOk();
        Assert.Equal("revoked", revoked.Json.GetProperty("revoked").GetProperty("state").GetString());
        Assert.Contains(before, key => key.GetProperty("id").GetString() == revoked.Json.GetProperty("successor").GetProperty("id").GetString());
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'key.revoked' AND ActorKind = 'Person'"));
    }

    [Fact]
    public async Task One_algorithm_is_rotated_soon()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");

        var next = Assert.Single(
            (await root.PostAsync("keys/rotate", """{ "algorithm": "ES256", "now": true }""")).AssertOk().Json.GetProperty("items").EnumerateArray());

        Assert.Equal("ES256", next.GetProperty("algorithm").GetString());
        Assert.InRange(
            next.GetProperty("activeFrom").GetDateTimeOffset(), app.Clock.GetUtcNow(), app.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task What_cannot_be_done_with_keys_is_refused()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var refused = (await root.PostAsync("keys/rotate", """{ "algorithm": "HS256" }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("/algorithm", refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        (await root.PostAsync("keys/nothing/revoke")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await (await app.AdminAsync("root", isStrong: false)).PostAsync("keys/nothing/revoke"))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await (await app.AdminAsync("audrey")).GetAsync("keys")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
    }
}

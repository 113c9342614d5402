using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The apps of the administration API, over HTTP.</summary>
public sealed class AppsApiTests
{
    private const string Shop = """
        { "id": "shop", "name": "Shop", "grants": ["authorization_code", "password", "refresh_token"], "scopes": ["profile", "notes.read"],
          "redirectUris": ["https://shop.example/callback"], "accessTokenLifetime": "90m", "refreshTokenLeeway": "0s" }
        """;

    [Fact]
    public async Task An_app_is_added_used_changed_disabled_and_deleted()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");

        var added = (await root.PostAsync("apps", Shop)).AssertStatus(HttpStatusCode.Created);
        Assert.Equal("/api/admin/v1/apps/shop", added.Headers.Location?.OriginalString);
        Assert.Equal(("confidential", "implicit", "required", "active"), (added["type"], added["consent"], added["pkce"], added["state"]));
        Assert.Equal(("90m", "0s", ""), (added["accessTokenLifetime"], added["refreshTokenLeeway"], added["refreshTokenLifetime"]));
        var client = app.Client("shop", added["secret"]!);
        (await client.SignInAsync("carol", AdminPlatform.Password, "openid notes.read")).AssertOk();

        var shown = (await root.GetAsync("apps/shop")).AssertOk();
        Assert.Equal(("True", ""), (shown["hasSecret"], shown["secret"]));
        var changed = (await root.PatchAsync(
            "apps/shop", """{ "name": "The shop", "accessTokenLifetime": null, "origins": ["https://Shop.example"] }""",
            ("If-Match", shown.Headers.ETag!.ToString()))).AssertOk();
        Assert.Equal(("The shop", "", "0s"), (changed["name"], changed["accessTokenLifetime"], changed["refreshTokenLeeway"]));
        Assert.Equal("""["https://shop.example"]""", changed["origins"]);
        (await root.PatchAsync("apps/shop", "{}", ("If-Match", shown.Headers.ETag.ToString())))
            .AssertProblem("stale", HttpStatusCode.PreconditionFailed);

        Assert.Equal("disabled", (await root.PostAsync("apps/shop/disable")).AssertOk()["state"]);
        (await client.SignInAsync("carol", AdminPlatform.Password, "openid notes.read")).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Equal("active", (await root.PostAsync("apps/shop/enable")).AssertOk()["state"]);
        (await client.SignInAsync("carol", AdminPlatform.Password, "openid notes.read")).AssertOk();
        (await root.DeleteAsync("apps/shop")).AssertStatus(HttpStatusCode.NoContent);
        (await client.SignInAsync("carol", AdminPlatform.Password, "openid notes.read")).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await root.GetAsync("apps/shop")).AssertProblem("not-found", HttpStatusCode.NotFound);
        Assert.Equal(
            1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'client.deleted' AND TargetId = 'shop'"));
    }

    [Fact]
    public async Task Apps_are_listed_page_by_page_and_found()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        (await root.PostAsync("apps", Shop)).AssertStatus(HttpStatusCode.Created);
        (await root.PostAsync("apps/shop/disable")).AssertOk();

        var ids = new List<string?>();
        for (string? path = "apps?limit=3"; path is not null;)
        {
            var page = (await root.GetAsync(path)).AssertOk();
            ids.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
            path = page["next"] is { Length: > 0 } next ? $"apps?limit=3&cursor={next}" : null;
        }

        Assert.Equal(await app.CountAsync("SELECT COUNT(*) FROM Clients"), ids.Count);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        foreach (var query in new[] { "id=shop", "prefix=sHOP", "disabled=true" })
        {
            var items = (await root.GetAsync($"apps?{query}")).AssertOk().Json.GetProperty("items");
            Assert.Equal("shop", Assert.Single(items.EnumerateArray()).GetProperty("id").GetString());
        }

        Assert.DoesNotContain("shop", (await root.GetAsync("apps?disabled=false&limit=500")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "id": "x", "type": "secret" }""", "invalid-field", 422, "/type")]
    [InlineData("""{ "id": "x", "grants": ["password", "magic"] }""", "invalid-field", 422, "/grants/1")]
    [InlineData("""{ "id": "x", "scopes": ["no.such"] }""", "invalid-field", 422, "/scopes/0")]
    [InlineData("""{ "id": "x", "grants": ["authorization_code"], "redirectUris": ["http://shop.example/"] }""", "invalid-field", 422, "/redirectUris/0")]
    [InlineData("""{ "id": "x", "grants": ["authorization_code"] }""", "invalid-field", 422, null)]
    [InlineData("""{ "id": "x", "accessTokenLifetime": "1 hour" }""", "invalid-field", 422, "/accessTokenLifetime")]
    [InlineData("""{ "id": "x", "publicKeys": { "keys": [] } }""", "invalid-field", 422, "/publicKeys")]
    [InlineData("""{ "id": "x", "publicKeys": 7 }""", "invalid-field", 422, "/publicKeys")]
    [InlineData("""{ "id": "x", "grants": [null] }""", "invalid-request", 400, "/grants")]
    [InlineData("""{ "id": "x", "type": "public", "grants": ["client_credentials"] }""", "invalid-field", 422, null)]
    [InlineData("""{ "id": "019a21068-c913-74a1-a5d3-f8fd835f137a", "name": "a\u0000" }""", "invalid-field", 422, "/name")]
    [InlineData("""{ "id": "01a21068-c913-74a1-a5d3-f8fd835f137a" }""", "invalid-field", 422, "/id")]
    [InlineData("""{ "id": "" }""", "invalid-field", 422, null)]
    [InlineData("""{ "id": "orders" }""", "conflict", 409, "/id")]
    [InlineData("""{ "name": "x" }""", "invalid-request", 400, "")]
    [InlineData("""{ "id": "x", "secret": "mine" }""", "invalid-request", 400, "/secret")]
    public async Task An_app_that_cannot_be_added_is_refused_with_the_place(string body, string code, int status, string? place)
    {
        await using var app = await AdminPlatform.StartAsync();
        var refused = (await (await app.AdminAsync("root")).PostAsync("apps", body)).AssertProblem(code, (HttpStatusCode)status);

        if (place is not null)
        {
            Assert.Equal(place, refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        Assert.DoesNotContain("_uris", refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Clients WHERE ClientId = 'x'"));
    }

    [Fact]
    public async Task Nobody_administers_an_app_that_may_do_more_than_they()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        (await root.PostAsync("roles", """{ "name": "apps", "scopes": ["admin.apps.read", "admin.apps.write", "admin.apps.credentials"] }"""))
            .AssertStatus(HttpStatusCode.Created);
        (await root.PostAsync($"users/{await app.IdOfAsync("dave")}/roles/apps")).AssertOk();
        var dave = await app.AdminAsync("dave");

        foreach (var refused in new[]
        {
            await dave.PostAsync("apps", """{ "id": "x", "grants": ["client_credentials"], "scopes": ["admin.users.read"] }"""),
            await dave.PostAsync("apps", """{ "id": "x", "grants": ["password"], "scopes": ["admin.users.read"] }"""),
            await dave.PatchAsync("apps/orders", """{ "scopes": ["admin.keys.write"] }"""),
            await dave.PatchAsync($"apps/{AdminPlatform.Robot}", """{ "name": "Mine" }"""),
            await dave.PatchAsync($"apps/{AdminPlatform.Robot}", """{ "scopes": [] }"""),
            await dave.PostAsync($"apps/{AdminPlatform.Robot}/disable"),
            await dave.DeleteAsync($"apps/{AdminPlatform.Robot}"),
            await dave.PostAsync($"apps/{AdminPlatform.Robot}/secrets", """{ "name": "mine" }"""),
        })
        {
            refused.AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        }

        (await dave.GetAsync("apps/x")).AssertProblem("not-found", HttpStatusCode.NotFound);
        Assert.NotEqual(HttpStatusCode.Created, (await dave.PostAsync("apps", """{ "id": "x", "scopes": ["admin.*"] }""")).Status);
        Assert.DoesNotContain("admin.keys", (await dave.GetAsync("apps/orders")).Body, StringComparison.Ordinal);
        (await dave.PostAsync("apps", """{ "id": "x", "grants": ["client_credentials"], "scopes": ["admin.apps.read"] }"""))
            .AssertStatus(HttpStatusCode.Created);
        var helen = await app.AdminAsync("helen");
        (await helen.GetAsync("apps")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        var audrey = await app.AdminAsync("audrey");
        (await audrey.GetAsync("apps/orders")).AssertOk();
        (await audrey.PostAsync("apps/orders/disable")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await (await app.AdminAsync("root", isStrong: false)).DeleteAsync("apps/orders"))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_app_gets_and_loses_its_secret_with_its_type()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var added = (await root.PostAsync("apps", """{ "id": "till", "type": "public", "grants": ["password"] }"""))
            .AssertStatus(HttpStatusCode.Created);
        Assert.Equal(("", "False", "explicit"), (added["secret"], added["hasSecret"], added["consent"]));

        var secret = (await root.PatchAsync("apps/till", """{ "type": "confidential" }""")).AssertOk()["secret"];
        (await app.Client("till", secret!).SignInAsync("carol", AdminPlatform.Password, "openid")).AssertOk();

        Assert.Equal("False", (await root.PatchAsync("apps/till", """{ "type": "public" }""")).AssertOk()["hasSecret"]);
        (await root.PostAsync("apps/till/secrets", """{ "name": "x" }""")).AssertProblem("conflict", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_changed_field_changes_no_other_one()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        foreach (var id in new[] { "orders", "partner", "billing", AdminPlatform.App, "http%3A%2F%2Flocalhost%3A8499" })
        {
            var before = (await root.GetAsync($"apps/{id}")).AssertOk();
            (await root.PatchAsync($"apps/{id}", """{ "name": "Another" }""")).AssertOk();
            var after = (await root.PatchAsync($"apps/{id}", $$"""{ "name": "{{before["name"]}}" }""")).AssertOk();
            Assert.Equal(before.Body, after.Body);
        }
    }
}

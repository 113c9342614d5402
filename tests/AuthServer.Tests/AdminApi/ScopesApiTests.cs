using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The scopes of the administration API, over HTTP.</summary>
public sealed class ScopesApiTests
{
    [Fact]
    public async Task A_scope_is_added_given_changed_and_deleted()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var added = (await root.PostAsync("scopes", """
            { "name": "things/read", "description": { "en": "Read things", "ko": "물건 읽기" }, "resources": ["https://things.example"] }
            """)).AssertStatus(HttpStatusCode.Created);
        Assert.Equal("/api/admin/v1/scopes/things%2Fread", added.Headers.Location?.OriginalString);
        Assert.Equal("""["https://things.example"]""", added["resources"]);

        (await root.PatchAsync("apps/orders", """{ "scopes": ["things/read"] }""")).AssertOk();
        var tokens = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("carol", AdminPlatform.Password, "things/read")).AssertOk();
        Assert.Equal("https://things.example", Jwt.Read(tokens.AccessToken).Value("aud"));

        var changed = (await root.PatchAsync(
            "scopes/things%2Fread", """{ "description": { "ko": null } }""", ("If-Match", added.Headers.ETag!.ToString()))).AssertOk();
        Assert.Equal("""{"en":"Read things"}""", changed["description"]);
        Assert.Equal("""["https://things.example"]""", changed["resources"]);
        (await root.PatchAsync("scopes/things%2Fread", "{}", ("If-Match", added.Headers.ETag.ToString())))
            .AssertProblem("stale", HttpStatusCode.PreconditionFailed);
        Assert.Contains("things/read", (await root.GetAsync("scopes")).AssertOk().Body, StringComparison.Ordinal);

        (await root.DeleteAsync("scopes/things%2Fread")).AssertStatus(HttpStatusCode.NoContent);
        (await root.GetAsync("scopes/things%2Fread")).AssertProblem("not-found", HttpStatusCode.NotFound);
        Assert.Equal("""["things/read"]""", (await root.GetAsync("apps/orders"))["scopes"]);
    }

    [Theory]
    [InlineData("""{ "name": "a b" }""", "invalid-field", 422, "/name")]
    [InlineData("""{ "name": "" }""", "invalid-field", 422, null)]
    [InlineData("""{ "name": "x", "resources": ["https://ok.example", "no address"] }""", "invalid-field", 422, "/resources/1")]
    [InlineData("""{ "name": "x", "description": { "ko": "읽기" } }""", "invalid-field", 422, "/description")]
    [InlineData("""{ "name": "x", "description": { "en": "Read", "fr": "Lire" } }""", "invalid-field", 422, null)]
    [InlineData("""{ "name": "x", "description": "Read" }""", "invalid-request", 400, "/description")]
    [InlineData("""{ "name": "notes.read" }""", "conflict", 409, "/name")]
    [InlineData("""{ "name": "admin.users.read" }""", "conflict", 409, "/name")]
    public async Task A_scope_that_cannot_be_added_is_refused_with_the_place(string body, string code, int status, string? place)
    {
        await using var app = await AdminPlatform.StartAsync();
        var refused = (await (await app.AdminAsync("root")).PostAsync("scopes", body)).AssertProblem(code, (HttpStatusCode)status);

        if (place is not null)
        {
            Assert.Equal(place, refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Scopes WHERE Name = 'x'"));
    }

    [Fact]
    public async Task Scopes_of_this_server_are_shown_and_cannot_be_changed()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        Assert.Equal("True", (await root.GetAsync("scopes/admin.users.read")).AssertOk()["isBuiltIn"]);
        (await root.PatchAsync("scopes/admin.users.read", """{ "resources": [] }""")).AssertProblem("conflict", HttpStatusCode.Conflict);
        (await root.DeleteAsync("scopes/admin.users.read")).AssertProblem("conflict", HttpStatusCode.Conflict);

        (await (await app.AdminAsync("audrey")).GetAsync("scopes")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await (await app.AdminAsync("root", isStrong: false)).DeleteAsync("scopes/notes.read"))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
    }
}

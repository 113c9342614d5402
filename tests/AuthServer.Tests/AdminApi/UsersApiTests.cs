using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The users of the administration API, over HTTP.</summary>
public sealed class UsersApiTests
{
    [Fact]
    public async Task A_user_is_added_found_changed_locked_and_deleted()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var added = (await root.PostAsync("users", """
            { "name": "erin", "email": "erin@example.test", "displayName": "Erin Eom", "roles": ["customer"] }
            """)).AssertStatus(HttpStatusCode.Created);
        var id = added["id"];
        Assert.Equal($"/api/admin/v1/users/{id}", added.Headers.Location?.OriginalString);
        Assert.Equal(("erin", "active", "False"), (added["name"], added["state"], added["hasPassword"]));

        foreach (var query in new[] { $"id={id}", "email=ERIN@example.test", "name=Erin", "prefix=eri", "role=customer&prefix=e" })
        {
            var found = (await root.GetAsync($"users?{query}")).AssertOk().Json.GetProperty("items");
            Assert.Equal(id, Assert.Single(found.EnumerateArray()).GetProperty("id").GetString());
        }

        var changed = (await root.PatchAsync(
            $"users/{id}", """{ "displayName": null, "emailConfirmed": true }""", ("If-Match", added.Headers.ETag!.ToString()))).AssertOk();
        Assert.Equal(("", "True", "erin"), (changed["displayName"], changed["emailConfirmed"], changed["name"]));
        (await root.PatchAsync($"users/{id}", "{}", ("If-Match", added.Headers.ETag.ToString())))
            .AssertProblem("stale", HttpStatusCode.PreconditionFailed);
        (await root.SendAsync(HttpMethod.Patch, $"users/{id}", "{}")).AssertProblem("version-needed", (HttpStatusCode)428);

        Assert.Equal("locked", (await root.PostAsync($"users/{id}/lock")).AssertOk()["state"]);
        Assert.Equal("active", (await root.PostAsync($"users/{id}/unlock")).AssertOk()["state"]);
        (await root.PostAsync($"users/{id}/password", """{ "password": "a long enough pass phrase" }"""))
            .AssertStatus(HttpStatusCode.NoContent);
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("erin", "a long enough pass phrase")).AssertOk();
        (await root.DeleteAsync($"users/{id}")).AssertStatus(HttpStatusCode.NoContent);
        (await root.GetAsync($"users/{id}")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_an_administrator_did_is_in_the_audit_with_their_name()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var carol = await app.IdOfAsync("carol");
        (await root.PostAsync($"users/{carol}/lock")).AssertOk();

        Assert.Equal(
            $"Person {await app.IdOfAsync("root")}".ToUpperInvariant(),
            (await app.TextAsync($"""
                SELECT ActorKind || ' ' || ActorId FROM AuditEvents
                WHERE Action = 'user.disabled' AND lower(TargetId) = lower('{carol}')
                """))!.ToUpperInvariant());
    }

    [Theory]
    [InlineData("""{ "email": "x@example.test", "unknown": 1 }""", "invalid-request", 400, "/unknown")]
    [InlineData("""{ "email": 7 }""", "invalid-request", 400, "/email")]
    [InlineData("""{ "email": "x@example.test", "email": "y@example.test" }""", "invalid-request", 400, "/email")]
    [InlineData("""{ "name": "x" }""", "invalid-request", 400, "")]
    [InlineData("""{ "email": "no address" }""", "invalid-field", 422, "/email")]
    [InlineData("""{ "email": "carol@example.test" }""", "conflict", 409, "/email")]
    [InlineData("""{ "email": "x@example.test", "roles": ["no such role"] }""", "invalid-field", 422, "/roles")]
    [InlineData("""{ "email": "x@example.test", "password": "short" }""", "invalid-field", 422, "/password")]
    [InlineData("""{ "email": "x@example.test", "displayName": "a\u0000b" }""", "invalid-field", 422, "/displayName")]
    [InlineData("""{ "email": "x@example.test", "roles": ["customer", null] }""", "invalid-request", 400, "/roles")]
    [InlineData("not json", "invalid-request", 400, "")]
    [InlineData("[]", "invalid-request", 400, "")]
    [InlineData("null", "invalid-request", 400, null)]
    public async Task A_user_that_cannot_be_added_is_refused_with_the_place(string body, string code, int status, string? place)
    {
        await using var app = await AdminPlatform.StartAsync();
        var refused = (await (await app.AdminAsync("root")).PostAsync("users", body)).AssertProblem(code, (HttpStatusCode)status);

        if (place is not null)
        {
            Assert.Equal(place, refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE Email = 'x@example.test'"));
    }

    [Fact]
    public async Task A_list_is_read_page_by_page()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var names = new List<string?>();
        var path = "users?limit=3";
        while (true)
        {
            var page = (await root.GetAsync(path)).AssertOk();
            names.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString()));
            if (page["next"] is not { Length: > 0 } next)
            {
                Assert.False(page.Headers.Contains("Link"));
                break;
            }

            Assert.EndsWith(
                $"/api/admin/v1/users?limit=3&cursor={next}>; rel=\"next\"", Assert.Single(page.Headers.GetValues("Link")), StringComparison.Ordinal);
            path = $"users?limit=3&cursor={next}";
        }

        Assert.Equal(await app.CountAsync("SELECT COUNT(*) FROM Users"), names.Count);
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        (await root.GetAsync("users?cursor=x")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        (await root.GetAsync("users?limit=0")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        var unreadable = (await root.GetAsync("users?limit=many")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        Assert.Contains("limit", unreadable["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_parallel_requests_with_one_idempotency_key_add_one_user()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        const string Body = """{ "email": "once@example.test" }""";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => root.PostAsync("users", Body, ("Idempotency-Key", "the same key"))));

        Assert.All(answers, answer => answer.AssertStatus(HttpStatusCode.Created));
        Assert.Single(answers.Select(answer => answer["id"]).Distinct());
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE Email = 'once@example.test'"));
        (await root.PostAsync("users", """{ "email": "other@example.test" }""", ("Idempotency-Key", "the same key")))
            .AssertProblem("idempotency-key-reused", HttpStatusCode.UnprocessableEntity);
        app.Clock.Advance(TimeSpan.FromHours(25));
        (await (await app.AdminAsync("root")).PostAsync("users", Body, ("Idempotency-Key", "the same key")))
            .AssertProblem("conflict", HttpStatusCode.Conflict);
    }
}

using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>Who may do what through the administration API.</summary>
public sealed class AdminAccessTests
{
    [Fact]
    public async Task Without_a_token_or_with_a_useless_one_nothing_is_told()
    {
        await using var app = await AdminPlatform.StartAsync();
        var nobody = new AdminDriver(app.Http, null);

        var refused = (await nobody.GetAsync("users")).AssertProblem("missing-token", HttpStatusCode.Unauthorized);
        Assert.Equal(
            "Bearer resource_metadata=\"http://localhost:8400/.well-known/oauth-protected-resource/api/admin/v1\", scope=\"admin.users.read\"",
            refused.Headers.WwwAuthenticate.ToString());
        (await new AdminDriver(app.Http, "x").GetAsync("users")).AssertProblem("invalid-token", HttpStatusCode.Unauthorized);

        // A token for another API, and one that is no access token.
        var other = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();
        (await new AdminDriver(app.Http, other.AccessToken).GetAsync("users")).AssertProblem("invalid-token", HttpStatusCode.Unauthorized);
        (await new AdminDriver(app.Http, other.RefreshToken).GetAsync("users")).AssertProblem("invalid-token", HttpStatusCode.Unauthorized);
        (await nobody.PostAsync("users", "not json")).AssertProblem("missing-token", HttpStatusCode.Unauthorized);

        var metadata = (await Answer.ReadAsync(await app.Http.GetAsync("/.well-known/oauth-protected-resource/api/admin/v1"))).AssertOk();
        Assert.Equal("http://localhost:8400/api/admin/v1", metadata["resource"]);
    }

    [Fact]
    public async Task A_node_can_be_without_the_api()
    {
        await using var app = await AdminPlatform.StartAsync(("Admin:Enabled", "false"));

        foreach (var path in new[] { "/api/admin/v1/me", "/api/admin/v1/openapi.json", "/.well-known/oauth-protected-resource/api/admin/v1" })
        {
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await app.Http.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Scopes_count_only_as_far_as_roles_allow_them_now()
    {
        await using var app = await AdminPlatform.StartAsync();
        var dave = await app.AdminAsync("dave");
        (await dave.GetAsync("me")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await dave.GetAsync("users")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);

        var audrey = await app.AdminAsync("audrey");
        Assert.True((await audrey.GetAsync("users")).AssertOk().Headers.CacheControl?.NoStore);
        (await audrey.PostAsync("users", """{ "email": "x@example.test" }""")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);

        // The role is taken away: the token that she has is worth nothing at once.
        var root = await app.AdminAsync("root");
        (await root.DeleteAsync($"users/{await app.IdOfAsync("audrey")}/roles/reader")).AssertStatus(HttpStatusCode.NoContent);
        (await audrey.GetAsync("users")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);

        // A token with fewer scopes than the roles allow can do only so much.
        var narrow = await app.AdminAsync("root", scope: "admin.users.read");
        (await narrow.GetAsync("users")).AssertOk();
        (await narrow.GetAsync("sessions")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        Assert.Equal("admin.users.read", Assert.Single((await narrow.GetAsync("me")).Json.GetProperty("scopes").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task The_end_of_a_sign_in_ends_its_access_here_at_once()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (root, audrey) = (await app.AdminAsync("root"), await app.AdminAsync("audrey"));
        (await audrey.GetAsync("users")).AssertOk();

        (await root.PostAsync($"users/{await app.IdOfAsync("audrey")}/lock")).AssertOk();

        (await audrey.GetAsync("users")).AssertProblem("invalid-token", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_destroys_or_concerns_credentials_needs_a_fresh_strong_sign_in()
    {
        await using var app = await AdminPlatform.StartAsync();
        var carol = await app.IdOfAsync("carol");
        var weak = await app.AdminAsync("root", isStrong: false);

        var refused = (await weak.DeleteAsync($"users/{carol}")).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        Assert.Contains(
            "error=\"insufficient_user_authentication\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("acr_values=\"aal2\", max_age=\"900\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        var strong = await app.AdminAsync("root");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await strong.DeleteAsync($"users/{carol}")).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await strong.GetAsync($"users/{carol}")).AssertOk();

        // Nobody is behind an app that acts for itself.
        var robot = await app.RobotAsync("admin.users.read admin.users.write admin.users.credentials");
        (await robot.GetAsync("users")).AssertOk();
        (await robot.DeleteAsync($"users/{carol}")).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await robot.PostAsync($"users/{carol}/lock")).AssertOk();
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'user.disabled' AND ActorKind = 'Client'"));
    }

    [Fact]
    public async Task The_last_full_administrator_cannot_be_locked_out()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var me = await app.IdOfAsync("root");

        foreach (var refused in new[]
        {
            await root.PostAsync($"users/{me}/lock"),
            await root.DeleteAsync($"users/{me}"),
            await root.DeleteAsync($"users/{me}/roles/owner"),
            await root.DeleteAsync("roles/owner"),
            await root.PatchAsync("roles/owner", """{ "scopes": ["admin.users.read"] }"""),
        })
        {
            refused.AssertProblem("last-administrator", HttpStatusCode.Conflict);
        }

        Assert.Equal("active", (await root.GetAsync($"users/{me}"))["state"]);
        (await root.PostAsync($"users/{await app.IdOfAsync("dave")}/roles/owner")).AssertOk();
        (await root.DeleteAsync($"users/{me}/roles/owner")).AssertStatus(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Nobody_gives_or_takes_what_they_do_not_have()
    {
        await using var app = await AdminPlatform.StartAsync();
        var rita = await app.AdminAsync("rita");
        var (root, carol, dave) = (await app.IdOfAsync("root"), await app.IdOfAsync("carol"), await app.IdOfAsync("dave"));

        foreach (var refused in new[]
        {
            await rita.PostAsync($"users/{dave}/roles/owner"),
            await rita.PostAsync($"users/{dave}/roles/reader"),
            await rita.DeleteAsync($"users/{carol}/roles/customer"),
            await rita.PostAsync($"users/{root}/lock"),
            await rita.PostAsync($"users/{root}/password", """{ "password": "a long enough pass phrase" }"""),
            await rita.PostAsync($"users/{root}/reset-factors"),
            await rita.PatchAsync($"users/{root}", """{ "email": "thief@example.test" }"""),
            await rita.DeleteAsync($"users/{root}"),
            await rita.PostAsync("users", """{ "email": "x@example.test", "roles": ["owner"] }"""),
        })
        {
            refused.AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        }

        (await rita.PostAsync($"users/{dave}/roles/people")).AssertOk();
        var robot = await app.RobotAsync("admin.roles.write admin.users.read");
        (await robot.PostAsync("roles", """{ "name": "new", "scopes": ["admin.keys.write"] }"""))
            .AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await robot.PostAsync("roles", """{ "name": "new", "scopes": ["admin.*"] }"""))
            .AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await robot.PostAsync("roles", """{ "name": "new", "scopes": ["admin.users.read"] }"""))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await robot.PostAsync("roles", """{ "name": "new" }""")).AssertStatus(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_administrator_of_some_users_sees_and_changes_only_these()
    {
        await using var app = await AdminPlatform.StartAsync();
        var helen = await app.AdminAsync("helen");
        var (carol, dave) = (await app.IdOfAsync("carol"), await app.IdOfAsync("dave"));
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("carol", AdminPlatform.Password)).AssertOk();
        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("dave", AdminPlatform.Password)).AssertOk();

        Assert.Equal("carol", Assert.Single(
            (await helen.GetAsync("users")).AssertOk().Json.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("carol", Assert.Single(
            (await helen.GetAsync("sessions")).AssertOk().Json.GetProperty("items").EnumerateArray()).GetProperty("user").GetString());

        // Somebody else's answers are those of nobody.
        foreach (var query in new[] { $"id={dave}", "email=dave@example.test", "prefix=d", "name=dave" })
        {
            Assert.Empty((await helen.GetAsync($"users?{query}")).AssertOk().Json.GetProperty("items").EnumerateArray());
        }

        var ofDave = (await app.TextAsync("SELECT Id FROM Sessions WHERE UserId = (SELECT Id FROM Users WHERE UserName = 'dave')"))!;
        foreach (var (path, missing) in new[]
        {
            ($"users/{dave}", $"users/{Guid.CreateVersion7()}"), ($"sessions/{ofDave.ToLowerInvariant()}", $"sessions/{Guid.CreateVersion7()}"),
        })
        {
            var (foreign, none) = (await helen.GetAsync(path), await helen.GetAsync(missing));
            foreign.AssertProblem("not-found", HttpStatusCode.NotFound);
            none.AssertProblem("not-found", HttpStatusCode.NotFound);
        }

        (await helen.PostAsync($"users/{dave}/lock")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await helen.PostAsync($"users/{dave}/roles/customer")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await helen.PostAsync("users", """{ "email": "x@example.test" }""")).AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        (await helen.PostAsync("users", """{ "email": "x@example.test", "roles": ["customer"] }""")).AssertStatus(HttpStatusCode.Created);
        (await helen.PostAsync($"users/{carol}/lock")).AssertOk();
        Assert.Equal(0, (await helen.PostAsync("sessions:bulk", $$"""{ "action": "end", "filter": { "user": "{{dave}}" } }""")).AssertOk().Json.GetProperty("count").GetInt32());
    }
}

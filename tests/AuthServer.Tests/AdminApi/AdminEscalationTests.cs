using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>Ways to more power than a token or a role was meant to give.</summary>
public sealed class AdminEscalationTests
{
    [Fact]
    public async Task A_token_with_one_scope_makes_no_administrator_and_no_app_with_more()
    {
        await using var app = await AdminPlatform.StartAsync();
        var dave = await app.IdOfAsync("dave");
        var users = await app.AdminAsync("root", scope: "admin.users.write");
        var apps = await app.AdminAsync("root", scope: "admin.apps.write");
        var roles = await app.AdminAsync("root", scope: "admin.roles.write");

        foreach (var refused in new[]
        {
            await users.PostAsync("users", """{ "email": "evil@example.test", "roles": ["owner"] }"""),
            await users.PostAsync($"users/{dave}/roles/owner"),
            await roles.PatchAsync("roles/customer", """{ "scopes": ["admin.*"] }"""),
            await roles.PostAsync("roles", """{ "name": "evil", "scopes": ["admin.users.read"] }"""),
            await apps.PostAsync("apps", """{ "id": "evil", "grants": ["client_credentials"], "scopes": ["admin.users.read"] }"""),
            await apps.PatchAsync($"apps/{AdminPlatform.App}", """{ "origins": ["https://evil.example"] }"""),
            await apps.PatchAsync("apps/orders", """{ "scopes": ["openid", "admin.users.read"] }"""),
        })
        {
            refused.AssertProblem("too-powerful", HttpStatusCode.Forbidden);
        }

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Clients WHERE ClientId = 'evil'"));
        (await apps.PostAsync("apps", """{ "id": "fine", "type": "public", "grants": ["device_code"] }""")).AssertStatus(HttpStatusCode.Created);

        // With every scope, but long after the sign-in.
        var root = await app.AdminAsync("root");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await root.PostAsync($"users/{dave}/roles/owner")).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await root.PostAsync($"users/{dave}/roles/customer")).AssertOk();
    }

    [Fact]
    public async Task Credentials_need_their_scope_and_a_fresh_sign_in_whatever_the_operation_is_called()
    {
        await using var app = await AdminPlatform.StartAsync();
        var weak = await app.AdminAsync("root", isStrong: false);
        var narrow = await app.AdminAsync("root", scope: "admin.users.write admin.apps.write");
        var carol = await app.IdOfAsync("carol");
        (string Path, string Body, bool IsPatch)[] requests =
        [
            ("users", """{ "email": "ceo@example.test", "emailConfirmed": true }""", false),
            ("users", """{ "email": "ceo@example.test", "password": "a long enough pass phrase" }""", false),
            ($"users/{carol}", """{ "email": "thief@example.test" }""", true),
            ("apps/orders", """{ "type": "public" }""", true),
            ("apps/orders", """{ "publicKeys": null }""", true),
        ];
        foreach (var (path, body, isPatch) in requests)
        {
            (await SendAsync(weak)).AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
            (await SendAsync(narrow)).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);

            Task<Answer> SendAsync(AdminDriver admin) => isPatch ? admin.PatchAsync(path, body) : admin.PostAsync(path, body);
        }

        (await (await app.AdminAsync("root")).PatchAsync($"users/{carol}", """{ "emailConfirmed": false }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_repeated_request_tells_nothing_to_somebody_who_may_do_less_by_now()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (root, rita) = (await app.AdminAsync("root"), await app.AdminAsync("rita"));
        var dave = await app.IdOfAsync("dave");
        (await rita.PostAsync($"users/{dave}/unlock", null, ("Idempotency-Key", "one"))).AssertOk();
        (await root.PatchAsync("roles/people", """{ "usersIn": ["customer"] }""")).AssertOk();

        (await rita.PostAsync($"users/{dave}/unlock", null, ("Idempotency-Key", "one")))
            .AssertProblem("idempotency-key-reused", HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("100%")]
    public async Task A_role_has_a_name_that_addresses_can_hold(string name)
    {
        await using var app = await AdminPlatform.StartAsync();

        (await (await app.AdminAsync("root")).PostAsync("roles", $$"""{ "name": "{{name}}" }"""))
            .AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_role_that_was_renamed_or_deleted_keeps_no_server_from_starting_and_widens_nothing()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        using var cli = new AuthServer.Tests.Support.CommandLine { DatabasePath = app.DatabasePath };
        var file = cli.Write("roles.yaml", """
            roles:
              - customer
              - { name: desk, scopes: [admin.users.read], users_in: [customer] }
            """);
        (await cli.RunAsync("apply", file)).AssertOk();
        (await root.DeleteAsync("roles/customer")).AssertStatus(HttpStatusCode.NoContent);

        (await cli.RunAsync("apply", file)).AssertOk();
        (await cli.RunAsync("apply", cli.Write("more.yaml", """
            roles:
              - customer
              - { name: desk, scopes: [admin.users.read, admin.sessions.read], users_in: [customer] }
            """))).AssertOk();

        // The scopes are limited to the holders of a role that is not there, who are nobody.
        (await root.PostAsync($"users/{await app.IdOfAsync("dave")}/roles/desk")).AssertOk();
        Assert.Empty((await (await app.AdminAsync("dave")).GetAsync("users")).AssertOk().Json.GetProperty("items").EnumerateArray());
    }
}

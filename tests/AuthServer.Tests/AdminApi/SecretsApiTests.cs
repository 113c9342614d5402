using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The secrets of apps, over HTTP.</summary>
public sealed class SecretsApiTests
{
    private const string Path = $"apps/{Seed.Orders}/secrets";

    [Fact]
    public async Task Two_secrets_are_valid_until_the_old_one_expires()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var first = Assert.Single(await ListAsync(root));
        Assert.Equal(("", ""), (first["name"], first["expiresAt"]));

        var added = (await root.PostAsync(Path, """{ "name": "for the new servers", "keepOthersFor": "1h" }"""))
            .AssertStatus(HttpStatusCode.Created);
        await AssertWorksAsync(app, Seed.OrdersSecret, true);
        await AssertWorksAsync(app, added["secret"]!, true);
        await AssertWorksAsync(app, "some-other-secret", false);
        Assert.Equal(["", "for the new servers"], (await ListAsync(root)).Select(secret => secret["name"]));
        Assert.DoesNotContain(added["secret"]!, (await root.GetAsync(Path)).Body, StringComparison.Ordinal);
        (await root.PostAsync(Path, """{ "name": "a third one" }""")).AssertProblem("conflict", HttpStatusCode.Conflict);

        app.Clock.Advance(TimeSpan.FromMinutes(61));
        await AssertWorksAsync(app, Seed.OrdersSecret, false);
        await AssertWorksAsync(app, added["secret"]!, true);
        Assert.Equal(added["id"], Assert.Single(await ListAsync(await app.AdminAsync("root")))["id"]);
    }

    [Fact]
    public async Task Zero_ends_the_old_secrets_at_once()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var second = (await root.PostAsync(Path, """{ "name": "second" }""")).AssertStatus(HttpStatusCode.Created)["secret"]!;

        var third = (await root.PostAsync(Path, """{ "name": "third", "keepOthersFor": "0s" }""")).AssertStatus(HttpStatusCode.Created)["secret"]!;

        await AssertWorksAsync(app, Seed.OrdersSecret, false);
        await AssertWorksAsync(app, second, false);
        await AssertWorksAsync(app, third, true);
        Assert.Equal(2, await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action = 'client.secret_removed' AND TargetId = 'orders'"));
    }

    [Fact]
    public async Task A_removed_secret_ends_at_once_and_the_last_one_has_no_end()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var added = (await root.PostAsync(Path, """{ "name": "leaked" }""")).AssertStatus(HttpStatusCode.Created);

        (await root.DeleteAsync($"{Path}/{added["id"]}")).AssertStatus(HttpStatusCode.NoContent);

        await AssertWorksAsync(app, added["secret"]!, false);
        app.Clock.Advance(TimeSpan.FromHours(25));
        await AssertWorksAsync(app, Seed.OrdersSecret, true);
        root = await app.AdminAsync("root");
        var last = Assert.Single(await ListAsync(root));
        (await root.DeleteAsync($"{Path}/{last["id"]}")).AssertProblem("conflict", HttpStatusCode.Conflict);
        (await root.DeleteAsync($"{Path}/{Guid.CreateVersion7()}")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Removing_the_oldest_secret_leaves_the_new_one_to_the_app_and_to_earlier_versions()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var added = (await root.PostAsync(Path, """{ "name": "new" }""")).AssertStatus(HttpStatusCode.Created);

        (await root.DeleteAsync($"{Path}/{(await ListAsync(root))[0]["id"]}")).AssertStatus(HttpStatusCode.NoContent);

        await AssertWorksAsync(app, Seed.OrdersSecret, false);
        await AssertWorksAsync(app, added["secret"]!, true);
        Assert.Equal(1, await app.CountAsync("""
            SELECT COUNT(*) FROM Clients a JOIN ClientSecrets s ON s.ClientId = a.Id AND s.Hash = a.ClientSecret WHERE a.ClientId = 'orders'
            """));
    }

    [Fact]
    public async Task A_wrong_secret_takes_one_computation_however_many_there_are()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        (await root.PostAsync(Path, """{ "name": "second" }""")).AssertStatus(HttpStatusCode.Created);

        // Version, function, iterations and salt, in base64.
        Assert.Equal(1, await app.CountAsync("""
            SELECT COUNT(DISTINCT substr(s.Hash, 1, 36)) FROM ClientSecrets s JOIN Clients a ON s.ClientId = a.Id WHERE a.ClientId = 'orders'
            """));
        Assert.Equal(2, await app.CountAsync("""
            SELECT COUNT(DISTINCT s.Hash) FROM ClientSecrets s JOIN Clients a ON s.ClientId = a.Id WHERE a.ClientId = 'orders'
            """));
    }

    [Theory]
    [InlineData("""{ "name": "x", "keepOthersFor": "soon" }""", "/keepOthersFor")]
    [InlineData("""{ "name": "" }""", "/name")]
    public async Task A_secret_that_cannot_be_made_is_refused_with_the_place(string body, string place)
    {
        await using var app = await AdminPlatform.StartAsync();
        var refused = (await (await app.AdminAsync("root")).PostAsync(Path, body)).AssertProblem("invalid-field", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(place, refused.Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Secrets_need_their_scope_and_a_fresh_sign_in()
    {
        await using var app = await AdminPlatform.StartAsync();
        (await (await app.AdminAsync("audrey")).PostAsync(Path, """{ "name": "x" }"""))
            .AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
        (await (await app.AdminAsync("root", isStrong: false)).PostAsync(Path, """{ "name": "x" }"""))
            .AssertProblem("fresh-sign-in-needed", HttpStatusCode.Unauthorized);
        (await (await app.AdminAsync("root")).GetAsync("apps/nothing/secrets")).AssertProblem("not-found", HttpStatusCode.NotFound);
    }

    private static async Task<IReadOnlyList<Dictionary<string, string>>> ListAsync(AdminDriver admin) =>
    [
        .. (await admin.GetAsync(Path)).AssertOk().Json.GetProperty("items").EnumerateArray()
            .Select(secret => secret.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString())),
    ];

    private static async Task AssertWorksAsync(AuthServerApp app, string secret, bool works)
    {
        var answer = await app.Client(Seed.Orders, secret).SignInAsync("carol", AdminPlatform.Password);
        Assert.Equal(works ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Status);
    }
}

using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>The audit in the administration API, over HTTP.</summary>
public sealed class AuditApiTests
{
    [Fact]
    public async Task Events_are_found_by_what_one_knows_of_them_the_newest_first()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var (me, carol) = (await app.IdOfAsync("root"), await app.IdOfAsync("carol"));
        (await root.PostAsync($"users/{carol}/lock")).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var middle = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await root.PatchAsync($"users/{carol}", """{ "displayName": "Carol Choi" }""")).AssertOk();

        var changed = Assert.Single(await ListAsync(root, $"audit?actor={me}&target={carol}&action=user.changed"));
        Assert.Equal(
            (me, carol, "done", "person"),
            (
                changed.GetProperty("actor").GetProperty("id").GetGuid(),
                changed.GetProperty("person").GetGuid(),
                changed.GetProperty("outcome").GetString(),
                changed.GetProperty("actor").GetProperty("kind").GetString()));
        Assert.Equal("Carol Choi", changed.GetProperty("changes").GetProperty("displayName").GetProperty("after").GetString());
        Assert.Equal(["user.changed"], Actions(await ListAsync(root, $"audit?person={carol}&action=user.&from={Uri.EscapeDataString(middle.ToString("O"))}")));
        Assert.Contains("user.disabled", Actions(await ListAsync(root, $"audit?person={carol}&to={Uri.EscapeDataString(middle.ToString("O"))}")));
        var times = (await ListAsync(root, "audit?action=user.")).ConvertAll(row => row.GetProperty("time").GetDateTimeOffset());
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task The_audit_is_read_page_by_page()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var ids = new List<Guid>();
        for (string? path = "audit?action=client.&limit=3"; path is not null;)
        {
            var page = (await root.GetAsync(path)).AssertOk();
            ids.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
            path = page["next"] is { Length: > 0 } next ? $"audit?action=client.&limit=3&cursor={next}" : null;
        }

        Assert.Equal(await app.CountAsync("SELECT COUNT(*) FROM AuditEvents WHERE Action LIKE 'client.%'"), ids.Distinct().Count());
        Assert.Equal(ids.Count, ids.Distinct().Count());
        foreach (var query in new[] { "from=yesterday", "person=carol", "cursor=WyJ4IiwieSJd" })
        {
            (await root.GetAsync($"audit?{query}")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task An_administrator_of_some_users_sees_only_events_about_these()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var (carol, dave) = (await app.IdOfAsync("carol"), await app.IdOfAsync("dave"));
        (await root.PostAsync($"users/{carol}/lock")).AssertOk();
        (await root.PostAsync($"users/{dave}/lock")).AssertOk();
        var helen = await app.AdminAsync("helen");

        var seen = await ListAsync(helen, "audit?limit=500");
        Assert.Contains("user.disabled", Actions(seen));
        Assert.All(seen, row => Assert.Equal(carol, row.GetProperty("person").GetGuid()));
        Assert.Empty(await ListAsync(helen, $"audit?person={dave}"));
        Assert.Contains("user.disabled", Actions(await ListAsync(helen, $"users/{carol}/history")));
        (await helen.GetAsync($"users/{dave}/history")).AssertProblem("not-found", HttpStatusCode.NotFound);
        (await (await app.AdminAsync("rita")).GetAsync("audit")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
    }

    private static async Task<List<JsonElement>> ListAsync(AdminDriver admin, string path) =>
        [.. (await admin.GetAsync(path)).AssertOk().Json.GetProperty("items").EnumerateArray()];

    private static IEnumerable<string?> Actions(List<JsonElement> rows) => rows.Select(row => row.GetProperty("action").GetString());
}

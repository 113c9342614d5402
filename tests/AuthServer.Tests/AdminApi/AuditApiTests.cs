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

    [Fact]
    public async Task All_events_are_exported_in_each_format()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");

        // More than the server reads at once.
        await app.SqlAsync("""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1200)
            INSERT INTO AuditEvents (Id, At, ActorKind, Action, TargetKind, TargetId, IsRefused, Reason)
            SELECT printf('00000000-0000-7000-8000-%012d', n), n, 'System', 'mail.given_up', 'mail', '=cmd|' || n, 0, 'a "quoted", reason' FROM numbers
            """);

        var json = await ExportAsync(root, "action=mail.", "application/x-ndjson");
        Assert.Equal(1200, json.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal("=cmd|1200", JsonDocument.Parse(json[0]).RootElement.GetProperty("target").GetProperty("id").GetString());
        var all = await ExportAsync(root, "", "application/x-ndjson");
        Assert.Equal(await app.CountAsync("SELECT COUNT(*) FROM AuditEvents"), all.Count);

        var table = await ExportAsync(root, "action=mail.&format=csv", "text/csv");
        Assert.StartsWith("id,time,actor_kind,actor,", table[0], StringComparison.Ordinal);
        Assert.Equal(1201, table.Count);
        Assert.EndsWith("mail.given_up,mail,'=cmd|1200,,done,\"a \"\"quoted\"\", reason\",,", table[1], StringComparison.Ordinal);

        var signIns = await ExportAsync(root, "action=session.app_signed_in&format=ocsf", "application/x-ndjson");
        Assert.NotEmpty(signIns);
        Assert.All(signIns, line => Assert.Equal(3002, JsonDocument.Parse(line).RootElement.GetProperty("class_uid").GetInt32()));
        Assert.Empty(await ExportAsync(root, "action=nothing.", "application/x-ndjson"));
        (await root.GetAsync("audit/export?format=xml")).AssertProblem("invalid-request", HttpStatusCode.BadRequest);
        (await (await app.AdminAsync("rita")).GetAsync("audit/export")).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("jsonl", "application/x-ndjson")]
    [InlineData("csv", "text/csv")]
    [InlineData("ocsf", "application/x-ndjson")]
    public async Task An_administrator_of_some_users_exports_only_events_about_these(string format, string mediaType)
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var (me, carol, dave) = (await app.IdOfAsync("root"), await app.IdOfAsync("carol"), await app.IdOfAsync("dave"));
        (await root.PostAsync($"users/{carol}/lock")).AssertOk();
        (await root.PostAsync($"users/{dave}/lock")).AssertOk();

        var ofRoot = string.Join('\n', await ExportAsync(root, $"format={format}", mediaType));
        var ofHelen = string.Join('\n', await ExportAsync(await app.AdminAsync("helen"), $"format={format}", mediaType));

        Assert.All(new[] { carol, dave, me }, id => Assert.Contains(id.ToString(), ofRoot, StringComparison.Ordinal));
        Assert.Contains(carol.ToString(), ofHelen, StringComparison.Ordinal);
        Assert.All(new[] { dave, me }, id => Assert.DoesNotContain(id.ToString(), ofHelen, StringComparison.Ordinal));
    }

    private static async Task<List<string>> ExportAsync(AdminDriver admin, string query, string mediaType)
    {
        var answer = (await admin.GetAsync($"audit/export?{query}")).AssertOk();
        Assert.Equal(mediaType, answer.ContentType?.MediaType);
        return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<List<JsonElement>> ListAsync(AdminDriver admin, string path) =>
        [.. (await admin.GetAsync(path)).AssertOk().Json.GetProperty("items").EnumerateArray()];

    private static IEnumerable<string?> Actions(List<JsonElement> rows) => rows.Select(row => row.GetProperty("action").GetString());
}

using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.AdminApi;
using AuthServer.Administration;
using AuthServer.Tests.Support;
using House;

namespace AuthServer.Tests.AdminApi;

/// <summary>The OpenAPI document of the administration API says what the server does.</summary>
public sealed class AdminDocumentTests
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string File = Path.Combine(Repository.Root, "docs", "admin-api.json");

    [Fact]
    public async Task The_document_in_the_repository_is_the_one_that_the_server_makes()
    {
        await using var app = await AuthServerApp.StartAsync();
        var made = await DocumentAsync(app);
        var present = made.ToJsonString(Written) + "\n";
        var kept = System.IO.File.Exists(File) ? await System.IO.File.ReadAllTextAsync(File) : "";
        if (kept != present)
        {
            await System.IO.File.WriteAllTextAsync(File + ".present", present);
            Assert.Fail($"The administration API has changed: compare {File} with {File}.present. Scripts of others depend on it: "
                + "an operation or a field may be added, but none may go or mean something else. Then replace the file.");
        }
    }

    [Fact]
    public async Task The_document_is_read_again_only_when_it_has_changed()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var first = await app.Http.GetAsync(AdminDocument.Path);
        Assert.True(first.Headers.CacheControl?.NoCache);

        using var again = new HttpRequestMessage(HttpMethod.Get, AdminDocument.Path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        var unchanged = await Answer.ReadAsync(await app.Http.SendAsync(again));

        Assert.Equal((HttpStatusCode.NotModified, "", first.Headers.ETag), (unchanged.Status, unchanged.Body, unchanged.Headers.ETag));
    }

    [Fact]
    public async Task In_production_the_document_has_no_page()
    {
        await using var development = await AuthServerApp.StartAsync();
        await using var production = await AuthServerApp.StartAsync(
            ("environment", "Production"), ("Keys:AllowUnprotectedKeyRing", "true"), ("Connect:Issuer", "http://localhost:8400/"),
            ("Mail:Host", "localhost"));

        Assert.Equal(HttpStatusCode.OK, (await development.Http.GetAsync(AdminDocumentPage.Path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await production.Http.GetAsync(AdminDocumentPage.Path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await production.Http.GetAsync(AdminDocument.Path)).StatusCode);
    }

    [Fact]
    public async Task Every_operation_says_its_scope_its_refusals_and_an_example()
    {
        await using var app = await AuthServerApp.StartAsync();
        var problems = new List<string>();
        var scopes = new HashSet<string>();
        foreach (var (name, operation) in OperationsOf(await DocumentAsync(app)))
        {
            var required = operation["security"]![0]!["oauth2"]!.AsArray().Select(scope => scope!.GetValue<string>()).ToList();
            scopes.UnionWith(required);
            var statuses = operation["responses"]!.AsObject().Select(response => response.Key).ToHashSet();
            Check(name, operation["operationId"] is not null, "no operationId");
            Check(name, operation["summary"] is not null, "no summary");
            Check(name, name.EndsWith("/me", StringComparison.Ordinal) || required is [var scope] && AdminScopes.ByName.ContainsKey(scope), "no scope");
            Check(name, statuses.IsSupersetOf(["400", "401", "403", "404"]), "it does not say how it can be refused");
            Check(
                name,
                operation["requestBody"] is not { } body || body["content"]!.AsObject().First().Value!["example"] is not null,
                "no example of a body");
        }

        Assert.Empty(problems);

        void Check(string name, bool isRight, string problem)
        {
            if (!isRight)
            {
                problems.Add($"{name}: {problem}");
            }
        }
    }

    [Fact]
    public async Task Every_parameter_schema_and_field_of_a_change_says_what_it_is()
    {
        await using var app = await AuthServerApp.StartAsync();
        var document = await DocumentAsync(app);
        var schemas = document["components"]!["schemas"]!.AsObject();

        // A field of a patch without a comment would say only what the type Patched does.
        Assert.Empty(
            from schema in schemas
            from field in schema.Value!["properties"]?.AsObject() ?? []
            let text = field.Value!["description"]?.GetValue<string>()
            where schema.Key.EndsWith("Patch", StringComparison.Ordinal)
                && (text is null || text.StartsWith("A field of a merge patch", StringComparison.Ordinal))
            select $"{schema.Key}.{field.Key}");
        Assert.Empty(
            from schema in schemas
            where schema.Key is not "JsonElement" && schema.Value!["description"] is null
            select schema.Key);
        Assert.Empty(
            from operation in OperationsOf(document)
            from parameter in operation.Operation["parameters"]?.AsArray() ?? []
            where parameter!["description"] is null
            select $"{operation.Name}: {parameter["name"]}");
        Assert.Equal(
            OperationsOf(document).Select(operation => operation.Operation["tags"]!.AsArray().Single()!.GetValue<string>()).Distinct().Order(),
            document["tags"]!.AsArray().Where(tag => tag!["description"] is not null).Select(tag => tag!["name"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task Every_operation_refuses_who_may_not_do_it_and_names_the_scope()
    {
        await using var app = await AdminPlatform.StartAsync();
        var (nobody, dave) = (new AdminDriver(app.Http, null), await app.AdminAsync("dave"));
        foreach (var (name, operation) in OperationsOf(await DocumentAsync(app)))
        {
            var (method, path) = (HttpMethod.Parse(name.Split(' ')[0]), name.Split(' ')[1][AdminDriver.Path.Length..]);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var value = parameter!["schema"]?["format"]?.GetValue<string>() is "uuid" ? Guid.CreateVersion7().ToString() : "x";
                path = path.Replace("{" + parameter["name"] + "}", value, StringComparison.Ordinal);
            }

            (await nobody.SendAsync(method, path)).AssertProblem("missing-token", HttpStatusCode.Unauthorized);
            var refused = (await dave.SendAsync(method, path)).AssertProblem("insufficient-scope", HttpStatusCode.Forbidden);
            if (operation["security"]![0]!["oauth2"]!.AsArray() is [{ } scope])
            {
                Assert.Contains($"scope=\"{scope}\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_problem_has_a_page()
    {
        await using var app = await AuthServerApp.StartAsync();
        foreach (var kind in ProblemKind.All)
        {
            var page = (await Answer.ReadAsync(await app.Http.GetAsync($"{AdminDriver.Path}/problems/{kind.Code}"))).AssertOk();
            Assert.StartsWith(kind.Title, page.Body, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{AdminDriver.Path}/problems/none")).StatusCode);
    }

    private static async Task<JsonNode> DocumentAsync(AuthServerApp app) =>
        JsonNode.Parse((await Answer.ReadAsync(await app.Http.GetAsync(AdminDocument.Path))).AssertOk().Body)!;

    private static IEnumerable<(string Name, JsonNode Operation)> OperationsOf(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is not "parameters"
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value);
}

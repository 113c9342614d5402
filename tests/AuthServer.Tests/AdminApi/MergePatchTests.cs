using System.Net;
using System.Text.Json.Nodes;
using AuthServer.AdminApi;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// RFC 7396: a PATCH changes the field that it sends and no other. Operations and fields are those of the document, so that each new one needs
/// a value here.
/// </summary>
public sealed class MergePatchTests
{
    /// <param name="Add">Adds a thing; {n} is a number that makes its name unique.</param>
    /// <param name="Name">The field of the thing that its address ends with.</param>
    /// <param name="Values">A new value of each field.</param>
    private sealed record Kind(string Add, string Name, string Values)
    {
        /// <summary>Fields of the view that have to change with a field.</summary>
        public Dictionary<string, string[]> Follow { get; init; } = [];

        /// <summary>Fields that cannot be null, though the document lets them be: other fields of the thing need them.</summary>
        public string[] Needed { get; init; } = [];
    }

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["users"] = new(
            """
            { "email": "person{n}@example.test", "name": "person{n}", "displayName": "Person", "roles": ["customer"], "password": "correct-horse-quartz" }
            """,
            "id",
            """
            {
              "name": "renamed", "email": "elsewhere@example.test", "emailConfirmed": true, "displayName": "Somebody", "language": "ko"
            }
            """),
        ["roles"] = new(
            """{ "name": "role{n}", "scopes": ["admin.users.read"], "usersIn": ["customer"] }""",
            "name",
            """{ "name": "renamed", "scopes": ["admin.sessions.read", "admin.users.read"], "usersIn": ["reader"] }"""),
        ["apps"] = new(
            """
            {
              "id": "app{n}", "name": "App", "type": "confidential", "grants": ["authorization_code", "refresh_token"],
              "scopes": ["offline_access", "openid"], "redirectUris": ["https://app.example/callback"],
              "postLogoutRedirectUris": ["https://app.example/bye"], "backchannelLogoutUri": "https://app.example/logout",
              "frontchannelLogoutUri": "https://app.example/out", "frontchannelLogoutSessionRequired": false, "consent": "explicit",
              "pkce": "required", "url": "https://app.example", "logo": "https://app.example/logo.png", "origins": ["https://other.example"],
              "accessTokenLifetime": "7m", "refreshTokenLifetime": "9d", "refreshTokenIdleLifetime": "3d", "refreshTokenLeeway": "11s"
            }
            """,
            "id",
            """
            {
              "name": "Renamed", "type": "public", "grants": ["authorization_code", "password", "refresh_token"],
              "scopes": ["notes.read", "offline_access", "openid"], "redirectUris": ["https://app.example/elsewhere"],
              "postLogoutRedirectUris": ["https://app.example/gone"], "backchannelLogoutUri": "https://app.example/logout2",
              "frontchannelLogoutUri": "https://app.example/out2", "frontchannelLogoutSessionRequired": true, "consent": "implicit",
              "pkce": "optional", "url": "https://elsewhere.example", "logo": "https://app.example/logo2.png",
              "origins": ["https://third.example"], "accessTokenLifetime": "8m", "refreshTokenLifetime": "8d",
              "refreshTokenIdleLifetime": "2d", "refreshTokenLeeway": "12s",
              "publicKeys": {
                "keys": [
                  {
                    "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256",
                    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
                  }
                ]
              }
            }
            """)
        {
            Follow = { ["type"] = ["hasSecret"] },
            Needed = ["grants", "redirectUris"],
        },
        ["scopes"] = new(
            """{ "name": "scope{n}", "description": { "en": "See it" }, "resources": ["https://api.example.com"] }""",
            "name",
            """{ "description": { "ko": "보기" }, "resources": ["https://other.example.com"] }"""),
    };

    private int number;

    [Fact]
    public async Task A_field_that_is_not_sent_stays()
    {
        await using var app = await AdminPlatform.StartAsync();
        var root = await app.AdminAsync("root");
        var document = JsonNode.Parse(await app.Http.GetStringAsync(AdminDocument.Path))!;
        var problems = new List<string>();
        foreach (var (path, methods) in document["paths"]!.AsObject().Where(path => path.Value!["patch"] is not null))
        {
            var list = path.Split('/')[^2];
            var reference = methods!["patch"]!["requestBody"]!["content"]!.AsObject().Single().Value!["schema"]!["$ref"]!.GetValue<string>();
            var fields = document["components"]!["schemas"]![reference.Split('/')[^1]]!["properties"]!.AsObject();
            if (!Kinds.TryGetValue(list, out var kind))
            {
                problems.Add($"{list}: no kind in this test");
                continue;
            }

            await CheckNothingAsync(app, root, list, kind, problems);
            foreach (var (field, schema) in fields)
            {
                if (JsonNode.Parse(kind.Values)![field] is { } value)
                {
                    await CheckFieldAsync(root, list, kind, field, value, MayBeNull(schema!), problems);
                }
                else
                {
                    problems.Add($"{list}, {field}: no value in this test");
                }
            }
        }

        Assert.Empty(problems);
    }

    private async Task CheckNothingAsync(AuthServerApp app, AdminDriver root, string list, Kind kind, List<string> problems)
    {
        var (address, view, tag) = await AddAsync(root, list, kind);
        var events = await app.CountAsync("SELECT COUNT(*) FROM AuditEvents");
        (await root.PatchAsync(address, "{}")).AssertOk();
        Compare($"{list}, nothing", view, await ViewAsync(root, address), problems);
        if ((await root.GetAsync(address)).Headers.ETag?.ToString() != tag)
        {
            problems.Add($"{list}, nothing: a new ETag");
        }

        if (await app.CountAsync("SELECT COUNT(*) FROM AuditEvents") != events)
        {
            problems.Add($"{list}, nothing: an event");
        }
    }

    private async Task CheckFieldAsync(
        AdminDriver root, string list, Kind kind, string field, JsonNode value, bool mayBeNull, List<string> problems)
    {
        var (address, before, tag) = await AddAsync(root, list, kind);
        var wanted = before.DeepClone().AsObject();
        wanted[field] = Merge(before[field], value);
        var answer = (await root.PatchAsync(address, new JsonObject { [field] = value.DeepClone() }.ToJsonString(), ("If-Match", tag)));
        if (answer.Status is not HttpStatusCode.OK)
        {
            problems.Add($"{list}, {field}: {answer.Body}");
            return;
        }

        address = $"{list}/{answer[kind.Name]}";
        var after = await ViewAsync(root, address);
        Compare($"{list}, {field}", wanted, after, problems, kind.Follow.GetValueOrDefault(field));
        if (answer.Headers.ETag?.ToString() is not { } next || next == tag)
        {
            problems.Add($"{list}, {field}: no new ETag");
        }

        var emptied = await root.PatchAsync(address, new JsonObject { [field] = null }.ToJsonString());
        if (!mayBeNull || kind.Needed.Contains(field))
        {
            if (emptied.Status is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity))
            {
                problems.Add($"{list}, {field}, null: {emptied.Status}");
            }

            Compare($"{list}, {field}, null", after, await ViewAsync(root, address), problems);
            return;
        }

        if (emptied.Status is not HttpStatusCode.OK)
        {
            problems.Add($"{list}, {field}, null: {emptied.Body}");
            return;
        }

        // The value of a thing that was added without the field; the default name of an app is its id.
        var (bare, _, _) = await AddAsync(root, list, kind, without: field);
        wanted = after.DeepClone().AsObject();
        var initial = (await ViewAsync(root, bare))[field]?.DeepClone();
        wanted[field] = initial?.ToString() == bare.Split('/')[^1] ? after[kind.Name]!.DeepClone() : initial;
        Compare($"{list}, {field}, null", wanted, await ViewAsync(root, address), problems, kind.Follow.GetValueOrDefault(field));
    }

    private async Task<(string Address, JsonObject View, string Tag)> AddAsync(
        AdminDriver root, string list, Kind kind, string? without = null)
    {
        var body = JsonNode.Parse(kind.Add.Replace("{n}", $"{++number}", StringComparison.Ordinal))!.AsObject();
        body.Remove(without ?? "");
        var added = (await root.PostAsync(list, body.ToJsonString())).AssertStatus(HttpStatusCode.Created);
        var address = $"{list}/{added[kind.Name]}";
        return (address, await ViewAsync(root, address), added.Headers.ETag!.ToString());
    }

    private static async Task<JsonObject> ViewAsync(AdminDriver root, string address) =>
        JsonNode.Parse((await root.GetAsync(address)).AssertOk().Body)!.AsObject();

    private static void Compare(string name, JsonObject wanted, JsonObject found, List<string> problems, string[]? free = null) =>
        problems.AddRange(
            from field in wanted.Select(field => field.Key).Union(found.Select(field => field.Key)).Except(free ?? [])
            where !JsonNode.DeepEquals(wanted[field], found[field])
            select $"{name}: {field} is {found[field]?.ToJsonString() ?? "null"}, expected {wanted[field]?.ToJsonString() ?? "null"}");

    // RFC 7396 2.
    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject ? target.DeepClone().AsObject() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    private static bool MayBeNull(JsonNode schema) =>
        schema["type"] is null || (schema["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() is "null"));
}

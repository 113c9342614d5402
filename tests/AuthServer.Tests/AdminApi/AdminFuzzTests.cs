using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.AdminApi;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// Requests that nobody means, made from the OpenAPI document: whatever comes, the answer is no failure of the server. The number of
/// requests is that of the variable <c>FUZZ_REQUESTS</c>.
/// </summary>
public sealed class AdminFuzzTests
{
    private const int Few = 2_000;

    private static readonly string[] Texts =
    [
        "", " ", "a", "\0", "a\0b", "\uD800", "\u202E", "😀", "'", "\"", "%00", "%", "../..", "admin.*", "null", "*", "\r\nX: y", "0", "-1", "1e999",
        "2026-13-45T99:99:99Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "ff", "[]", "W10", "WyIiXQ", "WyJhIiwiYiJd",
        "alice", "alice@example.test", "00000000-0000-0000-0000-000000000000", new string('x', 300), new string('한', 5000),
    ];

    [Fact]
    public async Task No_request_makes_the_server_fail()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? $"{Few}", CultureInfo.InvariantCulture);
        await using var app = await AdminPlatform.StartAsync();
        var document = JsonNode.Parse(await app.Http.GetStringAsync(AdminDocument.Path))!;
        var operations = (
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (Path: path.Key, Method: operation.Key, Operation: operation.Value!)).ToList();
        var users = new List<string>();
        foreach (var user in (await (await app.AdminAsync("root")).GetAsync("users")).Json.GetProperty("items").EnumerateArray())
        {
            users.Add(user.GetProperty("id").GetString()!);
        }

        var seed = Environment.TickCount;
#pragma warning disable CA5394 // the failure names the seed
        var random = new Random(seed);
        var statuses = new SortedDictionary<int, int>();
        for (var number = 0; number < count; number++)
        {
            // The administrator may have locked or deleted himself.
            var root = number % 500 is 0 ? await TryAsync(app) : null;
            driver = root ?? driver;
            var (path, method, operation) = operations[random.Next(operations.Count)];
            var query = "";
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = parameter!["name"]!.GetValue<string>();
                var value = random.Next(3) is 0 ? users[random.Next(users.Count)] : Texts[random.Next(Texts.Length)];
                switch (parameter["in"]!.GetValue<string>())
                {
                    case "path":
                        path = path.Replace("{" + name + "}", Escape(value.Length is 0 ? "x" : value), StringComparison.Ordinal);
                        break;
                    case "query" when random.Next(2) is 0:
                        query += $"{(query.Length is 0 ? '?' : '&')}{name}={Escape(value)}";
                        break;
                }
            }

            var body = operation["requestBody"] is null && random.Next(4) > 0 ? null
                : random.Next(10) is 0 ? Texts[random.Next(Texts.Length)]
                : Body(document, operation, random).ToJsonString();
            (string, string)[] headers = random.Next(3) switch
            {
                0 => [("If-Match", "*")],
                1 => [("If-Match", "\"x\""), ("Idempotency-Key", $"{random.Next(50)}")],
                _ => [],
            };
            var answer = await driver!.SendAsync(HttpMethod.Parse(method), path[AdminDriver.Path.Length..] + query, body, headers);
            var status = (int)answer.Status;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status < 500, $"seed {seed}, {method} {path}{query} {body}: {status} {answer.Body}");

            // An address that is too long or no address is refused before the server's own code, without a body.
            Assert.True(status < 400 || (status is 400 or 414 && answer.Body.Length is 0) || (answer.Body.Length > 0 && answer["type"] is not null), $"seed {seed}, {method} {path}{query}: {status} without a problem: {answer.Body}");
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{count} requests: {string.Join(", ", statuses.Select(status => $"{status.Value} × {status.Key}"))}");
#pragma warning restore CA5394
    }

    private AdminDriver? driver;

    private static async Task<AdminDriver?> TryAsync(AuthServerApp app)
    {
        await app.SqlAsync("UPDATE Users SET DisabledAt = NULL WHERE UserName = 'root'");
        try
        {
            return await app.AdminAsync("root");
        }
        catch (Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    private static string Escape(string value) => Uri.EscapeDataString(value.Replace('\uD800', '?'));

#pragma warning disable CA5394
    private static JsonObject Body(JsonNode document, JsonNode operation, Random random)
    {
        var content = operation["requestBody"]?["content"]?.AsObject().First().Value;
        var example = content?["example"]?.DeepClone() as JsonObject ?? [];
        var name = content?["schema"]?["$ref"]?.GetValue<string>().Split('/')[^1];
        var fields = name is null ? [] : document["components"]!["schemas"]![name]!["properties"]!.AsObject().Select(field => field.Key).ToList();
        for (var change = random.Next(4); change > 0; change--)
        {
            var field = fields.Count > 0 && random.Next(5) > 0 ? fields[random.Next(fields.Count)] : Texts[random.Next(Texts.Length)];
            if (random.Next(5) is 0)
            {
                example.Remove(field);
            }
            else
            {
                example[field] = Value(random, 0);
            }
        }

        return example;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 2 ? 5 : 7) switch
    {
        0 => null,
        1 => random.Next(2) is 0,
        2 => random.NextDouble() * long.MaxValue,
        3 or 4 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        _ => new JsonObject { [Texts[random.Next(2, Texts.Length)]] = Value(random, depth + 1) },
    };
#pragma warning restore CA5394
}

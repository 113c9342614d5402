using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AuthServer.AdminApi;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// Requests that nobody means, made from the OpenAPI document: whatever comes, the answer is no failure of the server. The variable
/// <c>FUZZ_REQUESTS</c> is the number of requests, and <c>FUZZ_SEED</c> repeats the choices of a run.
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
        var count = Number("FUZZ_REQUESTS") ?? Few;
        var seed = Number("FUZZ_SEED") ?? Environment.TickCount;
        await using var app = await AdminPlatform.StartAsync();
        var document = JsonNode.Parse(await app.Http.GetStringAsync(AdminDocument.Path))!;
        var operations = (
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select (Path: path.Key, Method: operation.Key, Operation: operation.Value!)).ToList();

#pragma warning disable CA5394 // the failure names the seed
        var random = new Random(seed);
        var things = new AdminFuzzThings(random);
        var statuses = new SortedDictionary<int, int>();
        AdminDriver? driver = null;
        for (var number = 0; number < count; number++)
        {
            if (driver is null || number % 200 is 0)
            {
                // So many sign-ins within a moment would be throttled.
                app.Clock.Advance(TimeSpan.FromMinutes(1));
                driver = await app.AdminAsync("root");
                await things.FindAsync(driver);
            }

            var (template, method, operation) = operations[random.Next(operations.Count)];
            var path = template;
            var query = "";
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = parameter!["name"]!.GetValue<string>();
                switch (parameter["in"]!.GetValue<string>())
                {
                    case "path":
                        var thing = random.Next(5) is 0 ? Text() : things.Named(template, name) ?? Text();
                        path = path.Replace("{" + name + "}", Escape(thing.Length is 0 ? "x" : thing), StringComparison.Ordinal);
                        break;
                    case "query" when random.Next(4) is 0:
                        var value = random.Next(2) is 0 ? Text() : things.Any();
                        query += $"{(query.Length is 0 ? '?' : '&')}{name}={Escape(value)}";
                        break;
                }
            }

            var body = operation["requestBody"] is null && random.Next(4) > 0 ? null
                : random.Next(10) is 0 ? Text()
                : Body(document, operation, random).ToJsonString();
            (string, string)[] headers = random.Next(8) switch
            {
                0 => [],
                1 => [("If-Match", "\"x\""), ("Idempotency-Key", $"{random.Next(50)}")],
                _ => [("If-Match", "*")],
            };
            var answer = await driver.SendAsync(HttpMethod.Parse(method), path[AdminDriver.Path.Length..] + query, body, headers);
            var status = (int)answer.Status;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            Assert.True(status < 500, $"seed {seed}, {method} {path}{query} {body}: {status} {answer.Body}");

            // An address that is too long or no address is refused before the server's own code, without a body.
            Assert.True(
                status < 400 || (status is 400 or 414 && answer.Body.Length is 0) || (answer.Body.Length > 0 && answer["type"] is not null),
                $"seed {seed}, {method} {path}{query}: {status} without a problem: {answer.Body}");
            driver = answer.Status is HttpStatusCode.Unauthorized ? null : driver;
        }

        var found = $"seed {seed}, {count} requests: {string.Join(", ", statuses.Select(status => $"{status.Value} × {status.Key}"))}";
        TestContext.Current.TestOutputHelper!.WriteLine(found);

        // Otherwise the requests would reach only the first checks.
        Assert.True(statuses.Where(status => status.Key < 300).Sum(status => status.Value) > count / 5, found);
        Assert.True(statuses.GetValueOrDefault(401) < count / 20, found);

        string Text() => Texts[random.Next(Texts.Length)];
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Escape(string value) => Uri.EscapeDataString(value.Replace('\uD800', '?'));

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

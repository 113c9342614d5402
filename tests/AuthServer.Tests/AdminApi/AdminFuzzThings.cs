using System.Text.Json;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// Names of things that exist, so that fuzzed requests do something. The administrator, their role and their app are left out: without them,
/// no further request would be allowed anything.
/// </summary>
internal sealed class AdminFuzzThings(Random random)
{
    private static readonly (string List, string Field)[] Lists =
    [
        ("users", "id"), ("sessions", "id"), ("roles", "name"), ("apps", "id"), ("scopes", "name"), ("keys", "id"), ("mails", "id"),
        ("logout-notices", "id"),
    ];

    private readonly Dictionary<string, List<string>> names = new(StringComparer.Ordinal);

    public async Task FindAsync(AdminDriver driver)
    {
        foreach (var (list, field) in Lists)
        {
            names[list] =
            [
                .. (await driver.GetAsync(list)).AssertOk().Json.GetProperty("items").EnumerateArray().Where(IsFree)
                    .Select(item => item.GetProperty(field).GetString()!),
            ];
        }
    }

    /// <returns>The name of a thing for the parameter of a path; null if there is none of the kind.</returns>
    public string? Named(string path, string parameter)
    {
        var before = path[..path.IndexOf("/{" + parameter + "}", StringComparison.Ordinal)].Split('/')[^1];
        return names.GetValueOrDefault(before is "consents" ? "apps" : before) is { Count: > 0 } known ? Of(known) : null;
    }

    public string Any() => Of([.. names.Values.SelectMany(list => list)]);

#pragma warning disable CA5394 // as the test's
    private string Of(List<string> texts) => texts[random.Next(texts.Count)];
#pragma warning restore CA5394

    private static bool IsFree(JsonElement item) =>
        !(item.TryGetProperty("roles", out var roles) && roles.EnumerateArray().Any(role => role.GetString() is "owner"))
        && !(item.TryGetProperty("user", out var user) && user.GetString() is "root")
        && !(item.TryGetProperty("name", out var name) && name.GetString() is "owner")
        && !(item.TryGetProperty("id", out var id) && id.GetString() == AdminPlatform.App);
}

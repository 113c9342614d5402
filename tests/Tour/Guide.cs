using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tour;

/// <summary>Sends the requests of the tour, prints each with its response, and records whether all claims were true.</summary>
internal sealed partial class Guide(HttpClient http)
{
    private const int LongestText = 60;
    private static readonly JsonSerializerOptions Pretty =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int step;

    public bool AllWentWell { get; private set; } = true;

    public void Step(string title) => Console.WriteLine($"\n{++step}. {title}");

    public void Check(string claim, bool isTrue)
    {
        AllWentWell &= isTrue;
        Console.WriteLine($"   {(isTrue ? '✓' : '✗')} {claim}");
    }

    public Task<Reply> GetAsync(Uri address, string? bearer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        Console.WriteLine($"   GET {address}");
        return SendAsync(request, bearer is null ? null : $"Authorization: Bearer {Short(bearer)}");
    }

    /// <summary>A form from a confidential client, which authenticates by client_secret_basic.</summary>
    public Task<Reply> PostAsync(Uri address, string clientId, string secret, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{clientId}:{secret}")));
        Console.WriteLine($"   POST {address}");
        return SendAsync(
            request, $"Authorization: Basic ({clientId})", string.Join('&', form.Select(field => $"{field.Name}={Short(field.Value)}")));
    }

    public static void Show(JsonNode? node) =>
        Console.WriteLine(
            string.Join('\n', OnOneLine(Shorten(node)?.ToJsonString(Pretty) ?? "").Split('\n').Select(line => "     " + line)));

    private async Task<Reply> SendAsync(HttpRequestMessage request, params string?[] lines)
    {
        foreach (var line in lines.OfType<string>())
        {
            Console.WriteLine($"     {line}");
        }

        using (request)
        {
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Console.WriteLine($"   -> {(int)answer.StatusCode} {answer.ReasonPhrase}");
            foreach (var challenge in answer.Headers.WwwAuthenticate)
            {
                Console.WriteLine($"     WWW-Authenticate: {challenge}");
            }

            var json = text.TrimStart().StartsWith('{') ? JsonNode.Parse(text) as JsonObject : null;
            if (json is { Count: > 0 })
            {
                Show(json);
            }

            return new Reply(answer.StatusCode, json ?? [], string.Join(", ", answer.Headers.WwwAuthenticate));
        }
    }

    // A list of plain values is easier to read on one line.
    private static string OnOneLine(string json) =>
        PlainList().Replace(json, list =>
            Breaks().Replace(list.Value, " ").Replace("[ ", "[", StringComparison.Ordinal).Replace(" ]", "]", StringComparison.Ordinal));

    [GeneratedRegex(@"\[[^\[\]{}]*\]")]
    private static partial Regex PlainList();

    [GeneratedRegex(@"\n\s*")]
    private static partial Regex Breaks();

    private static string Short(string text) => text.Length <= LongestText ? text : $"{text[..24]}…{text[^8..]}";

    private static JsonNode? Shorten(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Shorten(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Shorten)]),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => Short(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };
}

internal sealed record Reply(HttpStatusCode Status, JsonObject Json, string Challenge)
{
    /// <summary>A member as text; empty if it is missing.</summary>
    public string this[string member] => Json[member]?.ToString() ?? "";
}

using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SampleClient.Answers;

/// <summary>The API's response, kept to be shown as it came.</summary>
internal sealed record ApiAnswer(
    string Method, string Path, bool SentToken, int Status, string Reason, IReadOnlyList<ApiHeader> Headers, Challenge? Challenge,
    string Body)
{
    private static readonly string[] HeadersOfInterest = ["WWW-Authenticate", "Location", "Retry-After", "Content-Type"];
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsSuccess => Status is >= 200 and < 300;

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var request = response.RequestMessage!;
        var headers = HeadersOfInterest.SelectMany(name => ValuesOf(response, name).Select(value => new ApiHeader(name, value)));
        return new ApiAnswer(
            request.Method.Method,
            request.RequestUri!.PathAndQuery,
            request.Headers.Authorization is not null,
            (int)response.StatusCode,
            response.ReasonPhrase ?? "",
            [.. headers],
            Challenge.Of(response),
            Indent(await response.Content.ReadAsStringAsync(cancellationToken)));
    }

    private static HeaderStringValues ValuesOf(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values
            : default;

    private static string Indent(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return JsonSerializer.Serialize(json.RootElement, Readable);
        }
        catch (JsonException)
        {
            return body;
        }
    }
}

internal sealed record ApiHeader(string Name, string Value);

using System.Buffers;
using System.Text.Json;
using AuthServer.Protocol;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Compatibility;

/// <summary>A field of a request.</summary>
/// <param name="Text">Null if the value was not a text.</param>
/// <param name="Problem">Why there is no text.</param>
internal readonly record struct FieldValue(string? Text, string? Problem = null);

/// <summary>
/// Reads the body of a request, JSON or form, into fields. A body that cannot be read becomes a refusal, not an exception.
/// </summary>
internal static class RequestBody
{
    private const int LongestBody = 64 * 1024;

    // Python takes the last of two equal names. Here they are refused: two readers could understand such a request differently.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <returns>The fields of <paramref name="names"/> that the request has, or the refusal.</returns>
    public static async Task<(Dictionary<string, FieldValue>? Fields, Refusal? Refusal)> ReadAsync(HttpContext context, string[] names)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > LongestBody)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, Refusal.OfRequest(StatusCodes.Status413PayloadTooLarge, $"The request is longer than {LongestBody} bytes."));
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return Parse(context.Request.ContentType ?? "", body, names);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (Dictionary<string, FieldValue>?, Refusal?) Parse(string contentType, byte[] body, string[] names)
    {
        // Django ignores the content type of an empty body.
        if (body.Length is 0)
        {
            return ([], null);
        }

        return MediaTypeOf(contentType) switch
        {
            "application/json" => ParseJson(body, names),
            "application/x-www-form-urlencoded" => ParseForm(body, names),
            _ => (
                null,
                Refusal.OfRequest(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{contentType}\" in request.")),
        };
    }

    private static string? MediaTypeOf(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? type.MediaType.ToString().ToLowerInvariant()
            : null;

    private static (Dictionary<string, FieldValue>?, Refusal?) ParseForm(byte[] body, string[] names)
    {
        if (ProtocolForm.Parse(body, out var problem, keepEmpty: true) is not { } form)
        {
            return (null, Refusal.OfRequest(StatusCodes.Status400BadRequest, $"Form parse error - {problem}"));
        }

        return (names.Where(form.ContainsKey).ToDictionary(name => name, name => new FieldValue(form[name].ToString())), null);
    }

    private static (Dictionary<string, FieldValue>?, Refusal?) ParseJson(byte[] body, string[] names)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Object => (
                    names.Where(name => root.TryGetProperty(name, out _))
                        .ToDictionary(name => name, name => ValueOf(root.GetProperty(name))), null),
                JsonValueKind.Null => (null, Refusal.OfFields("No data provided")),
                _ => (null, Refusal.OfFields($"Invalid data. Expected a dictionary, but got {PythonTypeOf(root)}.")),
            };
        }
        catch (JsonException exception)
        {
            return (null, Unreadable($"line {exception.LineNumber + 1} column {exception.BytePositionInLine + 1}"));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair. The JSON reader notices it only when the text is read.
            return (null, Unreadable("a text is not Unicode"));
        }
    }

    private static Refusal Unreadable(string problem) =>
        Refusal.OfRequest(StatusCodes.Status400BadRequest, $"JSON parse error - {problem}");

    private static FieldValue ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new FieldValue(value.GetString()),
        JsonValueKind.Null => new FieldValue(null, "This field may not be null."),
        _ => new FieldValue(null, "Not a valid string."),
    };

    private static string PythonTypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => value.TryGetInt64(out _) ? "int" : "float",
    };
}

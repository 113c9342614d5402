using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthServer.AdminApi;

/// <summary>How the administration API reads and writes JSON: camel case, nothing unknown, nothing twice.</summary>
internal static class AdminJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new PatchedConverterFactory(), new StringListConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}

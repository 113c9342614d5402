using System.Buffers.Text;
using System.Text.Json;

namespace AuthServer.Tests.Support;

/// <summary>A look into a signed JWT (RFC 7519), without validation.</summary>
internal sealed record Jwt(JsonElement Header, JsonElement Claims)
{
    public static Jwt Read(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return new Jwt(Part(parts[0]), Part(parts[1]));
    }

    /// <summary>The values of a claim that is a string or an array of strings; empty if the claim is missing.</summary>
    public string[] Values(string claim) => !Claims.TryGetProperty(claim, out var value) ? []
        : value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.ToString())]
        : [value.ToString()];

    public string Value(string claim) => Assert.Single(Values(claim));

    public DateTimeOffset Instant(string claim) => DateTimeOffset.FromUnixTimeSeconds(Claims.GetProperty(claim).GetInt64());

    private static JsonElement Part(string text) => JsonDocument.Parse(Base64Url.DecodeFromChars(text)).RootElement;
}

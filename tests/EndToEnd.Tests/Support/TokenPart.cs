using System.Buffers.Text;
using System.Text.Json;

namespace EndToEnd.Tests.Support;

/// <summary>A part of a signed token, read without checking the signature.</summary>
internal static class TokenPart
{
    /// <param name="number">0 for the header, 1 for the claims.</param>
    public static JsonElement Of(string token, int number) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[number]));
}

using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using SampleClient.Shared;

namespace SampleClient.Chapters.Tokens;

/// <summary>
/// The content of a JWT in readable form. Nothing is validated here: no signature, issuer, audience or time is checked, so no
/// decision may depend on it. A client has no need to look into an access token (RFC 9068 6).
/// </summary>
internal sealed record DecodedToken(IReadOnlyList<DecodedToken.Line> Header, IReadOnlyList<DecodedToken.Line> Claims)
{
    /// <summary>Null if the token is not a readable JWT, because it is opaque or encrypted.</summary>
    public static DecodedToken? Read(string? token, DateTimeOffset now)
    {
        // RFC 7519 3: header, claims and signature.
        if (token?.Split('.') is not [var header, var claims, _])
        {
            return null;
        }

        try
        {
            return new DecodedToken(Lines(header, now), Lines(claims, now));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private static List<Line> Lines(string part, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(Base64UrlEncoder.Decode(part));
        return [.. json.RootElement.EnumerateObject()
            .Select(member => new Line(member.Name, Text(member, now), ClaimMeaning.Of(member.Name)))];
    }

    private static string Text(JsonProperty member, DateTimeOffset now) => (member.Name, member.Value.ValueKind) switch
    {
        ("exp" or "iat" or "nbf" or "auth_time", JsonValueKind.Number) => Time(member.Value.GetDouble(), now),
        (_, JsonValueKind.Array) => string.Join(", ", member.Value.EnumerateArray()),
        (_, JsonValueKind.String) => member.Value.GetString()!,
        _ => member.Value.GetRawText(),
    };

    private static string Time(double seconds, DateTimeOffset now)
    {
        var at = DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, 253402300799));
        return string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss} UTC, {Duration.From(now, at)}");
    }

    internal sealed record Line(string Name, string Value, string? Meaning);
}

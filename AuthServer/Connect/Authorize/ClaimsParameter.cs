using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// The request parameter <c>claims</c> (OpenID Connect Core 5.5), and of it what this server knows: the claims of
/// <see cref="UserClaims"/>, <c>sub</c> and <c>acr</c>. What else is in an ID token is there unasked.
/// </summary>
/// <param name="Requested">Before anybody has looked at what the client may have.</param>
/// <param name="Subjects">Who it may be; null for anybody.</param>
/// <param name="NeedsLevel">Whether one of <see cref="RequestedClaims.Levels"/> is essential. There is none when the client named none of this server's.</param>
internal sealed record ClaimsParameter(RequestedClaims Requested, IReadOnlyList<string>? Subjects, bool NeedsLevel)
{
    /// <summary>In characters. All that is known, asked for in both places with a value each, takes a tenth of it.</summary>
    public const int Longest = 4000;

    private static readonly ClaimsParameter None = new(RequestedClaims.None, Subjects: null, NeedsLevel: false);

    // Of a member that comes twice, readers differ in which one counts.
    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether none of the levels that are essential to it is one of this server's.</summary>
    public bool IsUnattainable => NeedsLevel && Requested.Levels.Count is 0;

    private sealed record Document(
        [property: JsonPropertyName("id_token")] Dictionary<string, Wish?>? IdentityToken,
        [property: JsonPropertyName("userinfo")] Dictionary<string, Wish?>? UserInfo);

    private sealed record Wish(
        [property: JsonPropertyName("essential")] bool IsEssential,
        [property: JsonPropertyName("value")] JsonElement? Value,
        [property: JsonPropertyName("values")] IReadOnlyList<JsonElement>? Values)
    {
        /// <summary>What it may be, as far as that is text; null for anything.</summary>
        public IReadOnlyList<string>? Texts => (Value is { } value ? [value] : Values)?
            .Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!).ToArray();
    }

    public static ClaimsParameter Of(OpenIddictRequest request) =>
        Read(request, out _) ?? throw new InvalidOperationException("An authorization request was passed on whose 'claims' cannot be read.");

    /// <returns>Null with a problem, for the client's developer.</returns>
    public static ClaimsParameter? Read(OpenIddictRequest request, out string problem)
    {
        problem = $"The 'claims' parameter is longer than {Longest} characters.";
        if ((string?)request[Parameters.Claims] is not { } text)
        {
            return None;
        }

        if (text.Length > Longest)
        {
            return null;
        }

        problem = "The 'claims' parameter must be a JSON object as OpenID Connect Core 5.5 describes it, with every member once.";
        try
        {
            return JsonSerializer.Deserialize<Document>(text, Strict) is { } document ? Of(document) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, JSON of another form, or JSON whose text is no Unicode.
            return null;
        }
    }

    private static ClaimsParameter Of(Document document)
    {
        var (identity, userInfo) = (document.IdentityToken ?? [], document.UserInfo ?? []);
        var level = identity.GetValueOrDefault(Claims.AuthenticationContextReference);
        var levels = level is { IsEssential: true } ? level.Texts : null;
        return new ClaimsParameter(
            new RequestedClaims(Known(identity), Known(userInfo), [.. AuthenticationLevel.All.Intersect(levels ?? [])]),
            Both(identity.GetValueOrDefault(Claims.Subject)?.Texts, userInfo.GetValueOrDefault(Claims.Subject)?.Texts),
            levels is not null);
    }

    private static string[] Known(Dictionary<string, Wish?> claims) => [.. UserClaims.All.Where(claims.ContainsKey)];

    private static IReadOnlyList<string>? Both(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        one is null ? other : other is null ? one : [.. one.Intersect(other)];
}

using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Protocol;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Authorize;

/// <summary>
/// The part of the request parameter <c>claims</c> (OpenID Connect Core 5.5) that this server supports: the claims of
/// <see cref="UserClaims"/>, <c>sub</c> and <c>acr</c>. An ID token holds its other claims whether or not they are requested.
/// </summary>
/// <param name="Requested">Still with the claims that the client may not have.</param>
/// <param name="Subjects">The users who may sign in; null for any user.</param>
/// <param name="NeedsLevel">
/// True if the sign-in must have one of <see cref="RequestedClaims.Levels"/>. These are empty if the client named only unsupported levels.
/// </param>
internal sealed record ClaimsParameter(RequestedClaims Requested, IReadOnlyList<string>? Subjects, bool NeedsLevel)
{
    /// <summary>In characters. A request for all supported claims in both places, with a value each, takes a tenth of it.</summary>
    public const int Longest = 4000;

    private static readonly ClaimsParameter None = new(RequestedClaims.None, Subjects: null, NeedsLevel: false);

    // JSON readers differ in which of two members with the same name counts.
    private static readonly JsonSerializerOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>True if this server supports none of the essential levels.</summary>
    public bool IsUnattainable => NeedsLevel && Requested.Levels.Count is 0;

    private sealed record Document(
        [property: JsonPropertyName("id_token")] Dictionary<string, Wish?>? IdentityToken,
        [property: JsonPropertyName("userinfo")] Dictionary<string, Wish?>? UserInfo);

    private sealed record Wish(
        [property: JsonPropertyName("essential")] bool IsEssential,
        [property: JsonPropertyName("value")] JsonElement? Value,
        [property: JsonPropertyName("values")] IReadOnlyList<JsonElement>? Values)
    {
        /// <summary>The permitted values that are strings; null if any value is permitted.</summary>
        public IReadOnlyList<string>? Texts => (Value is { } value ? [value] : Values)?
            .Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!).ToArray();
    }

    public static ClaimsParameter Of(OpenIddictRequest request) =>
        Read(request, out _)
        ?? throw new InvalidOperationException("An authorization request with an unreadable 'claims' parameter was not refused.");

    /// <param name="problem">For the client's developer. Only meaningful if the result is null.</param>
    /// <returns>Null if the parameter cannot be read.</returns>
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

        problem = "The 'claims' parameter must be a JSON object as in OpenID Connect Core 5.5, without duplicate members.";
        try
        {
            return JsonSerializer.Deserialize<Document>(text, Strict) is { } document ? Of(document) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, JSON of another form, or a string that is not valid Unicode.
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

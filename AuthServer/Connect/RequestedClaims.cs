using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Clients;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// The claims that a client has requested by name (OpenID Connect Core 5.5), besides those of its scopes. They are kept in the
/// authorization's row, where each refresh and the userinfo endpoint read them. Tokens do not hold the request.
/// </summary>
/// <param name="IdentityToken">Claims of <see cref="UserClaims"/>.</param>
/// <param name="UserInfo">Claims of <see cref="UserClaims"/>.</param>
/// <param name="Levels">The <c>acr</c> values of which the ID token must hold one. Empty if any value will do.</param>
internal sealed record RequestedClaims(
    [property: JsonPropertyName("id_token")] IReadOnlyList<string> IdentityToken,
    [property: JsonPropertyName("userinfo")] IReadOnlyList<string> UserInfo,
    [property: JsonPropertyName("acr")] IReadOnlyList<string> Levels)
{
    public static readonly RequestedClaims None = new([], [], []);

    /// <summary>The scopes of these claims. The user has to consent to them.</summary>
    [JsonIgnore]
    public IEnumerable<string> Scopes => IdentityToken.Union(UserInfo).Select(claim => UserClaims.ScopeOf(claim)!).Distinct();

    /// <summary>Keeps the claims whose scope the client may have.</summary>
    /// <param name="granted">Without <c>openid</c> the client gets neither an ID token nor an answer of the userinfo endpoint.</param>
    public RequestedClaims AllowedTo(ClientPolicy policy, IEnumerable<string> granted) =>
        this == None || !granted.Contains(OpenIddictConstants.Scopes.OpenId)
            ? None
            : this with { IdentityToken = Allowed(IdentityToken, policy), UserInfo = Allowed(UserInfo, policy) };

    /// <returns>
    /// The column <c>Properties</c> of an authorization: a JSON object with this as its only member. Null if nothing was requested.
    /// </returns>
    public string? Write() => IdentityToken.Count + UserInfo.Count + Levels.Count is 0
        ? null
        : JsonSerializer.Serialize(new Dictionary<string, RequestedClaims> { [Parameters.Claims] = this });

    /// <param name="properties">The column <c>Properties</c> of an authorization.</param>
    public static RequestedClaims Read(string? properties) => properties is null
        ? None
        : JsonSerializer.Deserialize<Dictionary<string, RequestedClaims>>(properties)!.GetValueOrDefault(Parameters.Claims, None);

    private static string[] Allowed(IReadOnlyList<string> claims, ClientPolicy policy) =>
        [.. claims.Where(claim => UserClaims.ScopeOf(claim) is { } scope && policy.Grants(scope))];
}

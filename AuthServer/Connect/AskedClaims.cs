using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// What a client has asked for by name (OpenID Connect Core 5.5), besides what its scopes tell. It lies in the row of the
/// authorization, where each refresh and the userinfo endpoint find it: the tokens say nothing of it.
/// </summary>
/// <param name="IdentityToken">Claims of <see cref="UserClaims"/>.</param>
/// <param name="UserInfo">Claims of <see cref="UserClaims"/>.</param>
/// <param name="Levels">The <c>acr</c> values of which the ID token has to tell one. None when any is good.</param>
internal sealed record AskedClaims(
    [property: JsonPropertyName("id_token")] IReadOnlyList<string> IdentityToken,
    [property: JsonPropertyName("userinfo")] IReadOnlyList<string> UserInfo,
    [property: JsonPropertyName("acr")] IReadOnlyList<string> Levels)
{
    public static readonly AskedClaims None = new([], [], []);

    /// <summary>The scopes that would tell it: what a person has to consent to.</summary>
    [JsonIgnore]
    public IEnumerable<string> Scopes => IdentityToken.Union(UserInfo).Select(claim => UserClaims.ScopeOf(claim)!).Distinct();

    /// <summary>What the client may have: a claim only that one of its scopes would tell it.</summary>
    /// <param name="granted">Without <c>openid</c> there is neither an ID token nor an answer about the person.</param>
    public AskedClaims Within(ClientPolicy policy, IEnumerable<string> granted) =>
        this == None || !granted.Contains(OpenIddictConstants.Scopes.OpenId)
            ? None
            : this with { IdentityToken = Allowed(IdentityToken, policy), UserInfo = Allowed(UserInfo, policy) };

    /// <returns>The properties of an authorization: a JSON object with this as its one member. Null when nothing was asked for.</returns>
    public string? Write() => IdentityToken.Count + UserInfo.Count + Levels.Count is 0
        ? null
        : JsonSerializer.Serialize(new Dictionary<string, AskedClaims> { [Parameters.Claims] = this });

    /// <param name="properties">Those of an authorization.</param>
    public static AskedClaims Read(string? properties) => properties is null
        ? None
        : JsonSerializer.Deserialize<Dictionary<string, AskedClaims>>(properties)!.GetValueOrDefault(Parameters.Claims, None);

    public void SetOn(OpenIddictServerTransaction transaction) => transaction.SetProperty(typeof(AskedClaims).FullName!, this);

    /// <returns>What was asked for at the sign-in of the access token that this request came with.</returns>
    public static AskedClaims Of(OpenIddictServerTransaction transaction) =>
        transaction.GetProperty<AskedClaims>(typeof(AskedClaims).FullName!) ?? None;

    private static string[] Allowed(IReadOnlyList<string> claims, ClientPolicy policy) =>
        [.. claims.Where(claim => UserClaims.ScopeOf(claim) is { } scope && policy.Grants(scope))];
}

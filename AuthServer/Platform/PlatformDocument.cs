namespace AuthServer.Platform;

/// <summary>A platform file after reading. <c>docs/platform-file.md</c> describes the file for its authors.</summary>
internal sealed record PlatformDocument(
    IReadOnlyList<ApiEntry> Apis, IReadOnlyList<RoleEntry> Roles, IReadOnlyList<AppEntry> Apps, IReadOnlyList<UserEntry> Users);

/// <param name="Resource">The RFC 8707 resource indicator, which becomes the <c>aud</c> of tokens.</param>
internal sealed record ApiEntry(Place Place, string Resource, string? Name, IReadOnlyList<ScopeEntry> Scopes);

internal sealed record ScopeEntry(Place Place, string Name, ScopeDescription Description);

/// <summary>Tells users what an app can do with a scope.</summary>
/// <param name="Text">The English text, or the only text; null if the file has none.</param>
/// <param name="Others">The texts in the other languages of the pages, by language.</param>
internal sealed record ScopeDescription(string? Text, IReadOnlyDictionary<string, string> Others);

/// <param name="Scopes">What the role allows in the administration API; null if the file does not say.</param>
/// <param name="UsersIn">The names of roles: with whose holders it is allowed; empty for all users.</param>
internal sealed record RoleEntry(
    Place Place, string Name, IReadOnlyList<string>? Scopes, IReadOnlyList<(Place Place, string Name)> UsersIn);

/// <param name="Secret">
/// Already resolved; null for a public client, or for one that authenticates with <paramref name="PublicKeys"/>.
/// </param>
/// <param name="PublicKeys">A JWKS (RFC 7517 5) with public keys only.</param>
internal sealed record AppEntry(
    Place Place,
    string Id,
    string? Name,
    bool IsPublic,
    string? Secret,
    string? PublicKeys,
    IReadOnlyList<string> Grants,
    IReadOnlyList<(Place Place, string Name)> Scopes,
    IReadOnlyList<string> Origins,
    BrowserEntry Browser,
    TimeSpan? AccessTokenLifetime,
    TimeSpan? RefreshTokenLifetime,
    TimeSpan? RefreshTokenIdleLifetime,
    TimeSpan? RefreshTokenLeeway);

/// <summary>The settings of an app for sign-ins in a browser.</summary>
/// <param name="IsNative">True if the app runs on users' devices. Its loopback redirect URI may then have any port (RFC 8252 7.3).</param>
/// <param name="AsksConsent">True if users are asked before the app gets their data.</param>
/// <param name="RequiresPkce">RFC 7636; false for a confidential app that does not support it.</param>
/// <param name="BackChannelLogoutUri">The address that this server calls when a session has ended.</param>
/// <param name="FrontChannelLogoutUri">The address that the browser loads when the user signs out.</param>
/// <param name="FrontChannelLogoutNamesSession">
/// True if <c>iss</c> and <c>sid</c> are added to <paramref name="FrontChannelLogoutUri"/>.
/// </param>
/// <param name="Address">The app's page for users: <c>client_uri</c> of RFC 7591 2.</param>
internal sealed record BrowserEntry(
    bool IsNative,
    IReadOnlyList<Uri> RedirectUris,
    IReadOnlyList<Uri> PostLogoutRedirectUris,
    bool AsksConsent,
    bool RequiresPkce,
    Uri? Address,
    Uri? Logo,
    Uri? BackChannelLogoutUri,
    Uri? FrontChannelLogoutUri,
    bool FrontChannelLogoutNamesSession);

/// <param name="Key">Identifies the entry even if its name changes; null if the name identifies it.</param>
/// <param name="Password">Already resolved. Used only when the user is created.</param>
/// <param name="PasswordHash">Instead of a password: a hash from another system.</param>
internal sealed record UserEntry(
    Place Place,
    string? Key,
    string Name,
    string Email,
    bool EmailConfirmed,
    string? DisplayName,
    string? Password,
    string? PasswordHash,
    IReadOnlyList<(Place Place, string Name)> Roles)
{
    /// <summary>Identifies the entry from one apply to the next.</summary>
    public string Mark => Key ?? Name;
}

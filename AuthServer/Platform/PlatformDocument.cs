namespace AuthServer.Platform;

/// <summary>A platform file after reading: what there is to be. <c>docs/platform-file.md</c> describes it for its writers.</summary>
internal sealed record PlatformDocument(
    IReadOnlyList<ApiEntry> Apis, IReadOnlyList<RoleEntry> Roles, IReadOnlyList<AppEntry> Apps, IReadOnlyList<UserEntry> Users);

/// <param name="Resource">The RFC 8707 resource indicator, which becomes the <c>aud</c> of tokens.</param>
internal sealed record ApiEntry(Place Place, string Resource, string? Name, IReadOnlyList<ScopeEntry> Scopes);

internal sealed record ScopeEntry(Place Place, string Name, ScopeDescription Description);

/// <summary>What people are told that a scope lets an app do.</summary>
/// <param name="Text">In English, or for everybody; null where the file says nothing.</param>
/// <param name="Others">In the other languages of the pages, by their names.</param>
internal sealed record ScopeDescription(string? Text, IReadOnlyDictionary<string, string> Others);

internal sealed record RoleEntry(Place Place, string Name);

/// <param name="Secret">Already resolved; null for a public client or one that authenticates by <paramref name="PublicKeys"/>.</param>
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

/// <summary>What an app declares for people who sign in to it in a browser.</summary>
/// <param name="IsNative">Whether it runs on people's own devices, where its loopback redirect URI may have any port (RFC 8252 7.3).</param>
/// <param name="AsksConsent">Whether people are asked before it gets anything of theirs.</param>
/// <param name="RequiresPkce">RFC 7636; false for a confidential app that cannot do it.</param>
/// <param name="BackChannelLogoutUri">Where it is told that a session has ended.</param>
/// <param name="FrontChannelLogoutUri">What of it the browser loads when the person signs out.</param>
/// <param name="FrontChannelLogoutNamesSession">Whether <c>iss</c> and <c>sid</c> are added to that.</param>
/// <param name="Address">Where the app is, for people: <c>client_uri</c> of RFC 7591 2.</param>
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

/// <param name="Key">By which the file knows the person for good; null where the name does.</param>
/// <param name="Password">Already resolved; used when the user is created and never after.</param>
/// <param name="PasswordHash">In place of it: a stored hash, as another system has it.</param>
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
    /// <summary>By which the entry is known from one apply to the next.</summary>
    public string Mark => Key ?? Name;
}

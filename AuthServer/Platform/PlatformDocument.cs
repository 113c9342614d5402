namespace AuthServer.Platform;

/// <summary>A platform file after reading: what there is to be. <c>docs/platform-file.md</c> describes it for its writers.</summary>
internal sealed record PlatformDocument(
    IReadOnlyList<ApiEntry> Apis, IReadOnlyList<RoleEntry> Roles, IReadOnlyList<AppEntry> Apps, IReadOnlyList<UserEntry> Users);

/// <param name="Resource">The RFC 8707 resource indicator, which becomes the <c>aud</c> of tokens.</param>
internal sealed record ApiEntry(Place Place, string Resource, string? Name, IReadOnlyList<ScopeEntry> Scopes);

internal sealed record ScopeEntry(Place Place, string Name, string? Description);

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
    TimeSpan? AccessTokenLifetime,
    TimeSpan? RefreshTokenLifetime,
    TimeSpan? RefreshTokenIdleLifetime,
    TimeSpan? RefreshTokenLeeway);

/// <param name="Password">Already resolved; used when the user is created and never after.</param>
internal sealed record UserEntry(
    Place Place,
    string Name,
    string Email,
    bool EmailConfirmed,
    string? DisplayName,
    string? Password,
    IReadOnlyList<(Place Place, string Name)> Roles);

using AuthServer.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>
/// The claims about a user, and the scope of each (OpenID Connect Core 5.4). Tokens and the userinfo endpoint both use this list.
/// </summary>
internal static class UserClaims
{
    /// <summary>In the order in which tokens and the userinfo endpoint list them.</summary>
    public static readonly IReadOnlyList<string> All =
        [Claims.Name, Claims.PreferredUsername, Claims.Email, Claims.EmailVerified, Claims.Role];

    /// <returns>Null for a claim that is not one of <see cref="All"/>.</returns>
    public static string? ScopeOf(string claim) => claim switch
    {
        Claims.Name or Claims.PreferredUsername => Scopes.Profile,
        Claims.Email or Claims.EmailVerified => Scopes.Email,
        Claims.Role => Scopes.Roles,
        _ => null,
    };

    /// <param name="claim">One of <see cref="All"/>, except the roles: a user may have several.</param>
    /// <returns>A string, a boolean, or null if the user has no such claim.</returns>
    public static object? Of(User user, string claim) => claim switch
    {
        Claims.Name => user.DisplayName ?? user.UserName,
        Claims.PreferredUsername => user.UserName,
        Claims.Email => user.Email,
        Claims.EmailVerified => user.EmailConfirmed,
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, message: null),
    };
}

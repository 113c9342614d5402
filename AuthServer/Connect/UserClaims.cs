using AuthServer.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>What is known of a person and which scope tells it (OpenID Connect Core 5.4), the same in tokens and at the userinfo endpoint.</summary>
internal static class UserClaims
{
    /// <summary>In the order in which they are told.</summary>
    public static readonly IReadOnlyList<string> All = [Claims.Name, Claims.PreferredUsername, Claims.Email, Claims.EmailVerified, Claims.Role];

    /// <returns>Null for a claim that is not one of <see cref="All"/>.</returns>
    public static string? ScopeOf(string claim) => claim switch
    {
        Claims.Name or Claims.PreferredUsername => Scopes.Profile,
        Claims.Email or Claims.EmailVerified => Scopes.Email,
        Claims.Role => Scopes.Roles,
        _ => null,
    };

    /// <param name="claim">One of <see cref="All"/> but the roles, of which there are several.</param>
    /// <returns>A text, a boolean, or null where there is none.</returns>
    public static object? Of(User user, string claim) => claim switch
    {
        Claims.Name => user.DisplayName ?? user.UserName,
        Claims.PreferredUsername => user.UserName,
        Claims.Email => user.Email,
        Claims.EmailVerified => user.EmailConfirmed,
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, message: null),
    };
}

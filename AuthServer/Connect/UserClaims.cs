using System.Collections.Immutable;
using AuthServer.Users;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>What a scope tells about a person (OpenID Connect Core 5.4), the same in tokens and at the userinfo endpoint.</summary>
internal static class UserClaims
{
    public static IEnumerable<(string Type, string? Value)> Profile(User user, ImmutableArray<string> scopes)
    {
        if (scopes.Contains(Scopes.Profile))
        {
            yield return (Claims.Name, user.DisplayName ?? user.UserName);
            yield return (Claims.PreferredUsername, user.UserName);
        }

        if (scopes.Contains(Scopes.Email))
        {
            yield return (Claims.Email, user.Email);
        }
    }
}

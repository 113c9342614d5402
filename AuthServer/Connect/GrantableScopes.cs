using System.Collections.Immutable;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect;

/// <summary>Which scopes a client may have, by its permissions.</summary>
internal static class GrantableScopes
{
    public static bool Allows(ImmutableArray<string> permissions, string scope) => scope switch
    {
        // It names no data: what a sign-in tells by itself is who it was.
        Scopes.OpenId => true,

        // Follows from the grant: whoever may refresh may have what is refreshed with.
        Scopes.OfflineAccess => permissions.Contains(Permissions.GrantTypes.RefreshToken),
        _ => permissions.Contains(Permissions.Prefixes.Scope + scope),
    };
}

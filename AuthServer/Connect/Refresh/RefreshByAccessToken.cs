using AuthServer.Clients;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// A sign-in that is refreshed by its access token (Compatibility/): its family has no refresh token, generation 0, and
/// is kept as long as one that has.
/// </summary>
internal static class RefreshByAccessToken
{
    private static readonly string Property = typeof(RefreshByAccessToken).FullName!;

    public static void Allow(OpenIddictServerTransaction transaction) => transaction.Properties[Property] = true;

    public static bool IsAllowed(OpenIddictServerTransaction transaction) => transaction.Properties.ContainsKey(Property);

    /// <returns>Until when; null for a sign-in that did not begin so, or a client that may not refresh any more.</returns>
    public static DateTimeOffset? EndOf(Family family, ClientPolicy policy)
    {
        if (family.Generation > 0 || family.ExpiresAt is not { } expiresAt || expiresAt <= family.AuthenticatedAt || !policy.Allows(Permissions.GrantTypes.RefreshToken))
        {
            return null;
        }

        var end = family.AuthenticatedAt + policy.RefreshLifetime;
        return end < expiresAt ? end : expiresAt;
    }
}

using AuthServer.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// A sign-in whose access token is exchanged for the next one, without a refresh token (Compatibility/). Its authorization has generation 0
/// and is kept as long as one with refresh tokens.
/// </summary>
internal static class RefreshByAccessToken
{
    /// <returns>Until when it can be refreshed; null if it is no such sign-in, or the client may no longer refresh.</returns>
    public static DateTimeOffset? EndOf(AuthorizationSnapshot authorization, ClientPolicy policy)
    {
        if (authorization.Generation > 0
            || authorization.ExpiresAt is not { } expiresAt
            || expiresAt <= authorization.AuthenticatedAt
            || !policy.Allows(Permissions.GrantTypes.RefreshToken))
        {
            return null;
        }

        var end = authorization.AuthenticatedAt + policy.RefreshLifetime;
        return end < expiresAt ? end : expiresAt;
    }
}

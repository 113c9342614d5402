using System.Collections.Concurrent;
using System.Security.Claims;
using AuthServer.Hosting;
using OpenIddict.Server;

namespace AuthServer.Connect;

/// <summary>The claims of access tokens whose signature has been verified. The key is a digest of the token.</summary>
internal sealed class VerifiedTokenCache
{
    /// <summary>About 20 MB.</summary>
    private const int Most = 4096;

    private volatile Known known = new(null);

    /// <param name="Options">A change of the keys makes a new instance, which drops all that was verified with the old keys.</param>
    private sealed record Known(OpenIddictServerOptions? Options)
    {
        public ConcurrentDictionary<Fingerprint, ClaimsPrincipal> Principals { get; } = new();
    }

    /// <returns>A copy, which the caller may change.</returns>
    public ClaimsPrincipal? Find(string token, OpenIddictServerOptions options) =>
        known is var current && current.Options == options && current.Principals.TryGetValue(Fingerprint.Of(token), out var principal)
            ? Copy(principal)
            : null;

    public void Add(string token, ClaimsPrincipal principal, OpenIddictServerOptions options)
    {
        var current = known;
        if (current.Options != options || current.Principals.Count >= Most)
        {
            known = current = new Known(options);
        }

        current.Principals.TryAdd(Fingerprint.Of(token), Copy(principal));
    }

    // ClaimsPrincipal.Clone shares the identities, which hold the claims.
    private static ClaimsPrincipal Copy(ClaimsPrincipal principal) => new(principal.Identities.Select(identity => identity.Clone()));
}

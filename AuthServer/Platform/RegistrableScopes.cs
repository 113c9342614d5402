using AuthServer.Administration;
using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>The names of the scopes that an app can be registered for.</summary>
internal static class RegistrableScopes
{
    private static readonly string[] Standard = [Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.Roles, Scopes.OfflineAccess];

    public static async Task<HashSet<string>> ReadAsync(AuthDbContext context, CancellationToken cancellationToken) =>
    [
        .. Standard,
        .. AdminScopes.ByName.Keys,
        .. await context.Set<Scope>().Select(scope => scope.Name!).ToListAsync(cancellationToken),
    ];
}

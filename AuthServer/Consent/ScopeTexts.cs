using AuthServer.Account;
using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Consent;

/// <summary>Says in plain words what a scope gives.</summary>
internal sealed class ScopeTexts(AuthDbContext database, IStringLocalizer<Texts> texts)
{
    /// <summary>The standard ones in the page's language, those of APIs as their registration describes them.</summary>
    public async Task<IReadOnlyList<string>> DescribeAsync(IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var described = await database.Set<Scope>().Where(scope => scopes.Contains(scope.Name!))
            .ToDictionaryAsync(scope => scope.Name!, scope => scope.Description ?? scope.DisplayName, cancellationToken);
        return [.. scopes.Select(scope => described.GetValueOrDefault(scope) ?? Standard(scope))];
    }

    private string Standard(string scope) => scope switch
    {
        Scopes.OpenId => texts["ScopeOpenId"],
        Scopes.Profile => texts["ScopeProfile"],
        Scopes.Email => texts["ScopeEmail"],
        Scopes.Roles => texts["ScopeRoles"],
        Scopes.OfflineAccess => texts["ScopeOfflineAccess"],
        _ => scope,
    };
}

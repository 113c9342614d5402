using AuthServer.Clients;
using Microsoft.Extensions.Localization;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pages;

/// <summary>Says in plain words what a scope allows.</summary>
internal sealed class ScopeTexts(IOpenIddictScopeManager manager, IStringLocalizer<Texts> texts)
{
    /// <summary>
    /// In the page's language: from the registration of the API, or from the texts for standard scopes. Any other scope has its name.
    /// </summary>
    public async Task<IReadOnlyList<string>> DescribeAsync(IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var described = new Dictionary<string, string?>();
        await foreach (var scope in manager.FindByNamesAsync([.. scopes], cancellationToken).OfType<Scope>())
        {
            described[scope.Name!] = await manager.GetLocalizedDescriptionAsync(scope, cancellationToken) ?? scope.DisplayName;
        }

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

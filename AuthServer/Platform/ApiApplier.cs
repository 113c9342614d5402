using System.Globalization;
using OpenIddict.Abstractions;

namespace AuthServer.Platform;

/// <summary>Makes the scopes of the declared APIs what the file says. A scope of several APIs is one row with several resources.</summary>
internal sealed class ApiApplier(IOpenIddictScopeManager scopes)
{
    public async Task ApplyAsync(PlatformDocument document, ApplyReport report, CancellationToken cancellationToken)
    {
        var declared = document.Apis.SelectMany(api => api.Scopes.Select(scope => (scope, api.Resource)))
            .GroupBy(pair => pair.scope.Name, StringComparer.Ordinal);
        foreach (var group in declared)
        {
            await ApplyAsync(group.Key, group.First().scope.Description, [.. group.Select(pair => pair.Resource)], report, cancellationToken);
        }
    }

    private async Task ApplyAsync(
        string name, ScopeDescription description, HashSet<string> resources, ApplyReport report, CancellationToken cancellationToken)
    {
        var existing = await scopes.FindByNameAsync(name, cancellationToken);
        var descriptor = new OpenIddictScopeDescriptor();
        if (existing is null)
        {
            descriptor.Name = name;
        }
        else
        {
            await scopes.PopulateAsync(descriptor, existing, cancellationToken);
            if (Says(descriptor, description) && descriptor.Resources.SetEquals(resources))
            {
                report.Unchanged();
                return;
            }
        }

        descriptor.Description = description.Text;
        descriptor.Descriptions.Clear();
        foreach (var (language, text) in description.Others)
        {
            descriptor.Descriptions[CultureInfo.GetCultureInfo(language)] = text;
        }

        descriptor.Resources.Clear();
        descriptor.Resources.UnionWith(resources);
        if (existing is null)
        {
            await scopes.CreateAsync(descriptor, cancellationToken);
            report.Created($"scope {name}");
        }
        else
        {
            await scopes.UpdateAsync(existing, descriptor, cancellationToken);
            report.Changed($"scope {name}");
        }
    }

    private static bool Says(OpenIddictScopeDescriptor descriptor, ScopeDescription description) =>
        descriptor.Description == description.Text
        && descriptor.Descriptions.Count == description.Others.Count
        && descriptor.Descriptions.All(other => description.Others.GetValueOrDefault(other.Key.Name) == other.Value);
}

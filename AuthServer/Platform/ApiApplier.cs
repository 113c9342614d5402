using System.Globalization;
using System.Text.Json;
using AuthServer.Clients;
using OpenIddict.Abstractions;

namespace AuthServer.Platform;

/// <summary>Applies the scopes of the declared APIs. A scope of several APIs is one row with several resources.</summary>
/// <remarks>
/// OpenIddict's manager validates each scope, but the batch writes them. After a write by the manager, <see cref="ScopeCache"/> would read
/// all scopes again.
/// </remarks>
internal sealed class ApiApplier(IOpenIddictScopeManager scopes)
{
    public async Task ApplyAsync(PlatformDocument document, ApplyRun run, CancellationToken cancellationToken)
    {
        var there = new Dictionary<string, Scope>(StringComparer.Ordinal);
        await foreach (var row in scopes.ListAsync(cancellationToken: cancellationToken))
        {
            there[((Scope)row).Name!] = (Scope)row;
        }

        var declared = document.Apis.SelectMany(api => api.Scopes.Select(scope => (Scope: scope, api.Resource)))
            .GroupBy(pair => pair.Scope.Name, StringComparer.Ordinal).ToList();
        foreach (var batch in declared.Chunk(ApplyRun.BatchSize))
        {
            var known = await run.EntriesAsync(PlatformEntry.Scope, [.. batch.Select(group => group.Key)], cancellationToken);
            foreach (var group in batch)
            {
                var descriptor = new OpenIddictScopeDescriptor { Name = group.Key };
                Declare(descriptor, group.First().Scope.Description, [.. group.Select(pair => pair.Resource)]);
                await ApplyAsync(
                    descriptor, group.First().Scope.Place, there.GetValueOrDefault(group.Key), known.GetValueOrDefault(group.Key), run,
                    cancellationToken);
            }

            await run.SaveAsync(cancellationToken);
        }
    }

    private async Task ApplyAsync(
        OpenIddictScopeDescriptor declared, Place place, Scope? row, PlatformEntry? known, ApplyRun run,
        CancellationToken cancellationToken)
    {
        var name = declared.Name!;
        if (row is null && known is not null)
        {
            run.Report.Unchanged();
            run.Report.Keep($"scope {name}: it was deleted here");
            return;
        }

        var said = Text(declared);
        if (row is null)
        {
            var created = new Scope();
            if (await AllowsAsync(created, declared, place, run, cancellationToken))
            {
                run.Add(created);
                run.Remember(null, Entry(created.Id));
                run.Report.Created($"scope {name}");
            }

            return;
        }

        var present = new OpenIddictScopeDescriptor();
        await scopes.PopulateAsync(present, row, cancellationToken);
        if (Text(present) == said)
        {
            run.Report.Unchanged();
        }
        else if (known?.Declared == said)
        {
            run.Report.Unchanged();
            run.Report.Keep($"scope {name}: it was changed here");
        }
        else if (await AllowsAsync(row.Copy(), declared, place, run, cancellationToken))
        {
            if (run.MayWrite())
            {
                run.Context.Attach(row);
                await scopes.PopulateAsync(row, declared, cancellationToken);
                row.ConcurrencyToken = Guid.CreateVersion7().ToString();
            }

            run.Report.Changed($"scope {name}");
        }

        run.Remember(known, Entry(row.Id));

        PlatformEntry Entry(Guid id) => new()
        {
            Kind = PlatformEntry.Scope,
            Mark = name,
            RowId = id,
            IsAdopted = known?.IsAdopted ?? row is not null,
            Declared = said,
        };
    }

    private async Task<bool> AllowsAsync(
        Scope copy, OpenIddictScopeDescriptor declared, Place place, ApplyRun run, CancellationToken cancellationToken)
    {
        await scopes.PopulateAsync(copy, declared, cancellationToken);
        var isAllowed = true;
        await foreach (var fault in scopes.ValidateAsync(copy, cancellationToken))
        {
            isAllowed = false;
            run.Report.Problem(place, fault.ErrorMessage ?? "The scope is not valid.");
        }

        return isAllowed;
    }

    public static void Declare(OpenIddictScopeDescriptor descriptor, ScopeDescription description, HashSet<string> resources)
    {
        descriptor.Description = description.Text;
        foreach (var (language, text) in description.Others)
        {
            descriptor.Descriptions[CultureInfo.GetCultureInfo(language)] = text;
        }

        descriptor.Resources.UnionWith(resources);
    }

    // Everything that Declare writes.
    private static string Text(OpenIddictScopeDescriptor descriptor) => JsonSerializer.Serialize(new
    {
        descriptor.Description,
        Others = descriptor.Descriptions.OrderBy(other => other.Key.Name, StringComparer.Ordinal)
            .Select(other => new[] { other.Key.Name, other.Value }),
        Resources = descriptor.Resources.Order(StringComparer.Ordinal),
    });
}

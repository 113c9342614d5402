using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>OpenIddict's store over <see cref="ScopeCache"/>.</summary>
internal sealed class ScopeStore(
    IMemoryCache memory,
    IOpenIddictEntityFrameworkCoreContext database,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    AuthDbContext context,
    ScopeCache cache) : OpenIddictEntityFrameworkCoreScopeStore<Scope, Guid>(memory, database, options)
{
    public override async ValueTask<Scope?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        (await cache.AllAsync(context, cancellationToken)).GetValueOrDefault(name)?.Scope.Copy();

    public override async IAsyncEnumerable<Scope> FindByNamesAsync(
        ImmutableArray<string> names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await cache.AllAsync(context, cancellationToken);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (known.TryGetValue(name, out var entry))
            {
                yield return entry.Scope.Copy();
            }
        }
    }

    /// <summary>The registered scopes, ordered by name: the order of ids differs between the providers.</summary>
    public override async IAsyncEnumerable<Scope> ListAsync(
        int? count, int? offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await cache.AllAsync(context, cancellationToken);
        foreach (var entry in known.Values.Where(entry => !entry.IsBuiltIn).OrderBy(entry => entry.Scope.Name, StringComparer.Ordinal)
            .Skip(offset ?? 0).Take(count ?? int.MaxValue))
        {
            yield return entry.Scope.Copy();
        }
    }

    public override async ValueTask CreateAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.CreateAsync(scope, cancellationToken);
        Forget(scope);
    }

    public override async ValueTask UpdateAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(scope, cancellationToken);
        Forget(scope);
    }

    public override async ValueTask DeleteAsync(Scope scope, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(scope, cancellationToken);
        Forget(scope);
    }

    private void Forget(Scope changed)
    {
        cache.Forget();

        // The next change comes with another copy of the scope, and a context can track only one.
        context.Entry(changed).State = EntityState.Detached;
    }
}

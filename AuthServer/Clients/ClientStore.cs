using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>OpenIddict's store, which asks for the same client several times a request, over <see cref="ClientCache"/>.</summary>
internal sealed class ClientStore(
    IMemoryCache memory,
    IOpenIddictEntityFrameworkCoreContext database,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    AuthDbContext context,
    ClientCache cache) : OpenIddictEntityFrameworkCoreApplicationStore<Client, Authorization, Token, Guid>(memory, database, options)
{
    public override async ValueTask<Client?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken) =>
        (await cache.FindAsync(context, identifier, cancellationToken))?.Client.Copy();

    /// <summary>By their names for the protocol: the order of keys is another on each provider.</summary>
    public override IAsyncEnumerable<Client> ListAsync(int? count, int? offset, CancellationToken cancellationToken) =>
        context.Set<Client>().AsNoTracking().OrderBy(client => client.ClientId).Skip(offset ?? 0).Take(count ?? int.MaxValue).AsAsyncEnumerable();

    public override async ValueTask CreateAsync(Client application, CancellationToken cancellationToken)
    {
        await base.CreateAsync(application, cancellationToken);
        Forget(application);
    }

    public override async ValueTask UpdateAsync(Client application, CancellationToken cancellationToken)
    {
        await base.UpdateAsync(application, cancellationToken);
        Forget(application);
    }

    public override async ValueTask DeleteAsync(Client application, CancellationToken cancellationToken)
    {
        await base.DeleteAsync(application, cancellationToken);
        Forget(application);
    }

    private void Forget(Client changed)
    {
        cache.Forget();

        // Whoever changes it again has another copy, and a context tracks one.
        context.Entry(changed).State = EntityState.Detached;
    }
}

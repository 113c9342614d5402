using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <summary>OpenIddict's store over <see cref="ClientCache"/>: OpenIddict reads the same client several times a request.</summary>
internal sealed class ClientStore(
    IMemoryCache memory,
    IOpenIddictEntityFrameworkCoreContext database,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    AuthDbContext context,
    ClientCache cache) : OpenIddictEntityFrameworkCoreApplicationStore<Client, Authorization, Token, Guid>(memory, database, options)
{
    public override async ValueTask<Client?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken) =>
        (await cache.FindAsync(context, identifier, cancellationToken))?.Client.Copy();

    /// <summary>Ordered by client id: the order of primary keys differs between the providers.</summary>
    public override IAsyncEnumerable<Client> ListAsync(int? count, int? offset, CancellationToken cancellationToken) =>
        context.Set<Client>().AsNoTracking().OrderBy(client => client.ClientId).Skip(offset ?? 0).Take(count ?? int.MaxValue)
            .AsAsyncEnumerable();

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

        // The next change comes with another copy of the client, and a context can track only one.
        context.Entry(changed).State = EntityState.Detached;
    }
}

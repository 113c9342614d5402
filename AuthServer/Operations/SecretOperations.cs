using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Operations;

/// <summary>A valid secret of an app, without the secret.</summary>
/// <param name="Name">Null for one that the platform file or an earlier version of this program has set.</param>
/// <param name="CreatedAt">Null where the name is null.</param>
/// <param name="ExpiresAt">From then on it is not valid any more; null for no end.</param>
internal record SecretView(Guid Id, string? Name, DateTimeOffset? CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>A secret that was just made.</summary>
/// <param name="Secret">It is shown once: only its hash is stored.</param>
internal sealed record NewSecretView(Guid Id, string? Name, DateTimeOffset? CreatedAt, DateTimeOffset? ExpiresAt, string Secret)
    : SecretView(Id, Name, CreatedAt, ExpiresAt);

/// <summary>What operators do with the secrets of apps. Each operation is one transaction, or a part of the caller's.</summary>
internal sealed class SecretOperations(AuthDbContext context, ClientSecrets secrets, ClientCache cache, TimeProvider time)
{
    private const int Most = 2;

    /// <returns>The valid ones, the oldest first.</returns>
    public async Task<IReadOnlyList<SecretView>> ListAsync(Client client, CancellationToken cancellationToken)
    {
        var rows = await context.Set<ClientSecret>().AsNoTracking().Where(row => row.ClientId == client.Id).ToListAsync(cancellationToken);
        return [.. ClientSecret.ValidOf(client, rows, time.GetUtcNow()).Select(Of)];
    }

    /// <summary>Makes a secret. The one before stays valid for a while, so that no copy of the app has to stop.</summary>
    /// <param name="keepOthersFor">How long; zero ends them at once.</param>
    /// <exception cref="OperationException">The app is public, or has two secrets already.</exception>
    public Task<NewSecretView> AddAsync(
        string clientId, string name, TimeSpan keepOthersFor, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var client = await RowAsync(clientId, token);
            if (client.ClientType is ClientTypes.Public)
            {
                throw new OperationException(OperationFault.Conflict, $"The client '{clientId}' is public and has no secret.");
            }

            var now = time.GetUtcNow();
            var others = await ValidAsync(client, now, token);
            var like = others.Count > 0 ? others[0].Hash : null;
            if (keepOthersFor == TimeSpan.Zero)
            {
                others.ForEach(Remove);
                others.Clear();
            }
            else if (others.Count >= Most)
            {
                throw new OperationException(
                    OperationFault.Conflict, $"The client '{clientId}' has {Most} valid secrets: remove one, or end both with the new one.");
            }

            others.ForEach(other => Keep(other, now + keepOthersFor));
            var secret = ClientSecrets.Create();
            var made = new ClientSecret
            {
                Id = Guid.CreateVersion7(),
                ClientId = client.Id,
                Name = name,
                Hash = like is null ? await secrets.HashAsync(secret, token) : await secrets.HashAsync(secret, like, token),
                CreatedAt = now,
            };
            context.Add(made);
            await SaveAsync(client, [.. others, made], token);
            return new NewSecretView(made.Id, made.Name, made.CreatedAt, made.ExpiresAt, secret);
        },
        cancellationToken);

    /// <summary>Ends a secret at once. The last one has no end any more.</summary>
    /// <exception cref="OperationException">There is no such secret, or the app has no other means to authenticate.</exception>
    public Task RemoveAsync(string clientId, Guid id, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var client = await RowAsync(clientId, token);
            var valid = await ValidAsync(client, time.GetUtcNow(), token);
            var secret = valid.Find(one => one.Id == id)
                ?? throw new OperationException(OperationFault.NotFound, $"The client '{clientId}' has no valid secret '{id}'.");
            valid.Remove(secret);
            if (valid.Count is 0 && client.JsonWebKeySet is null)
            {
                throw new OperationException(OperationFault.Conflict, $"It is the only secret of the client '{clientId}': make another first.");
            }

            Remove(secret);
            valid.ForEach(one => Keep(one, null));
            await SaveAsync(client, valid, token);
        },
        cancellationToken);

    private static SecretView Of(ClientSecret secret) => secret.Name.Length > 0
        ? new SecretView(secret.Id, secret.Name, secret.CreatedAt, secret.ExpiresAt)
        : new SecretView(secret.Id, null, null, secret.ExpiresAt);

    private async Task<Client> RowAsync(string id, CancellationToken cancellationToken) =>
        await context.Set<Client>().AsTracking().SingleOrDefaultAsync(client => client.ClientId == id, cancellationToken)
        ?? throw AppOperations.NoClient(id);

    // Those that are over go at the same time.
    private async Task<List<ClientSecret>> ValidAsync(Client client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await context.Set<ClientSecret>().AsTracking().Where(row => row.ClientId == client.Id).ToListAsync(cancellationToken);
        var valid = ClientSecret.ValidOf(client, rows, now);
        context.RemoveRange(rows.Except(valid));
        return [.. valid];
    }

    // A secret without a row gets one as soon as it is not alone or has an end.
    private void Keep(ClientSecret secret, DateTimeOffset? until)
    {
        secret.ExpiresAt = secret.ExpiresAt < until ? secret.ExpiresAt : until;
        if (context.Entry(secret).State is EntityState.Detached)
        {
            secret.Id = Guid.CreateVersion7();
            context.Add(secret);
        }
    }

    private void Remove(ClientSecret secret)
    {
        if (context.Entry(secret).State is not EntityState.Detached)
        {
            context.Remove(secret);
        }
    }

    private async Task SaveAsync(Client client, List<ClientSecret> valid, CancellationToken cancellationToken)
    {
        client.ClientSecret = valid.Count > 0 ? valid[0].Hash : null;
        client.ConcurrencyToken = Guid.CreateVersion7().ToString();
        await context.SaveChangesAsync(cancellationToken);
        context.ChangeTracker.Clear();
        cache.Forget();
    }
}

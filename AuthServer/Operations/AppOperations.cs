using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Platform;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Operations;

/// <summary>
/// What operators do with apps, at the command line and through the administration API. Each operation is one transaction, or a part of the
/// caller's.
/// </summary>
internal sealed class AppOperations(
    AuthDbContext context, IOpenIddictApplicationManager clients, SessionEnd sessions, TimeProvider time)
{
    public static OperationException NoClient(string id) => new(OperationFault.NotFound, $"There is no client '{id}'.");

    /// <returns>The app as it is in the database, not as the cache has it.</returns>
    /// <exception cref="OperationException">There is no such app.</exception>
    public async Task<AppView> FindAsync(string id, CancellationToken cancellationToken) =>
        await ViewAsync(await RowAsync(id, cancellationToken), cancellationToken);

    public async Task<AppView> ViewAsync(Client client, CancellationToken cancellationToken) =>
        AppRegistration.View(await DescriptorAsync(client, cancellationToken), client);

    /// <summary>A confidential app without public keys gets a secret.</summary>
    /// <exception cref="OperationException">A value is not allowed, or the id is taken.</exception>
    public Task<AppView> AddAsync(string id, AppFields fields, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var app = AppRegistration.Check(id, fields, await RegistrableScopes.ReadAsync(context, token));
            if (await context.Set<Client>().AnyAsync(client => client.ClientId == id, token))
            {
                throw new OperationException(OperationFault.Conflict, $"There is already an app '{id}'.", "id");
            }

            app.ClientSecret = NeedsSecret(app) ? ClientSecrets.Create() : null;
            var client = await ValidAsync(async () => (Client)await clients.CreateAsync(app, token));
            return await ViewAsync(client, token) with { Secret = app.ClientSecret };
        },
        cancellationToken);

    /// <summary>An app that becomes confidential and has no public keys gets a secret. A public app loses it.</summary>
    /// <param name="present">From <see cref="FindAsync"/>.</param>
    /// <exception cref="OperationException">A value is not allowed.</exception>
    public Task<AppView> ChangeAsync(AppView present, AppFields wanted, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var (id, client) = (present.Id, present.Client);
            var app = await DescriptorAsync(client, token);
            if (!AppRegistration.Change(app, present, wanted, await RegistrableScopes.ReadAsync(context, token)))
            {
                return present;
            }

            var secret = NeedsSecret(app) ? ClientSecrets.Create() : null;
            app.ClientSecret = app.ClientType is ClientTypes.Public ? null : secret ?? app.ClientSecret;
            await ValidAsync(async () =>
            {
                await clients.UpdateAsync(client, app, token);
                return client;
            });
            return await FindAsync(id, token) with { Secret = secret };
        },
        cancellationToken);

    /// <summary>Refuses the app and its tokens until it is enabled again.</summary>
    public Task<AppView> DisableAsync(string id, CancellationToken cancellationToken) =>
        UpdateAsync(id, client => client.DisabledAt ??= time.GetUtcNow(), cancellationToken);

    public Task<AppView> EnableAsync(string id, CancellationToken cancellationToken) =>
        UpdateAsync(id, client => client.DisabledAt = null, cancellationToken);

    /// <summary>Deletes the app for good, with its tokens.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var client = await RowAsync(id, token);

            // Sessions of the password grant and of devices belong to this app alone. A browser's session stays: other apps may use it.
            var alone = context.Sessions.Where(session => session.BrowserExpiresAt == null
                && context.Authorizations.Any(row => row.SessionId == session.Id && row.Application!.Id == client.Id));
            await sessions.EndAsync(alone, SessionEndReasons.EndedByOperator, cause: null, CancellationToken.None);
            context.ChangeTracker.Clear();
            await clients.DeleteAsync(client, token);
        },
        cancellationToken);

    /// <returns>How many sign-ins would end with the app.</returns>
    public async Task<int> CountSignInsAsync(Client client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context.Authorizations.CountAsync(
            row => row.Application!.Id == client.Id && row.Status == Statuses.Valid && row.RefreshExpiresAt > now, cancellationToken);
    }

    /// <param name="after">The id of the last app of the page before; "" for the first page.</param>
    /// <returns>In the order of ids. One statement.</returns>
    public async Task<IReadOnlyList<Client>> PageAsync(AppFilter filter, string after, int limit, CancellationToken cancellationToken)
    {
        var found = context.Set<Client>().AsNoTracking();
        if (filter.Id is { } id)
        {
            found = found.Where(client => client.ClientId == id);
        }

        if (filter.NamePrefix is { } prefix)
        {
#pragma warning disable CA1304, CA1311, CA1862 // the database has its own rule
            found = found.Where(client => client.DisplayName!.ToUpper().StartsWith(prefix.ToUpperInvariant()));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (filter.IsDisabled is { } isDisabled)
        {
            found = found.Where(client => (client.DisabledAt != null) == isDisabled);
        }

#pragma warning disable CA1309 // the database compares with the collation that it also sorts with
        return await found.Where(client => string.Compare(client.ClientId, after) > 0)
            .OrderBy(client => client.ClientId).Take(limit).ToListAsync(cancellationToken);
#pragma warning restore CA1309
    }

    private Task<AppView> UpdateAsync(string id, Action<Client> change, CancellationToken cancellationToken) => context.TransactAsync(
        async token =>
        {
            var client = await RowAsync(id, token);
            change(client);
            await clients.UpdateAsync(client, token);
            return await FindAsync(id, token);
        },
        cancellationToken);

    private async Task<Client> RowAsync(string id, CancellationToken cancellationToken) =>
        await context.Set<Client>().AsNoTracking().SingleOrDefaultAsync(client => client.ClientId == id, cancellationToken)
        ?? throw NoClient(id);

    private async Task<OpenIddictApplicationDescriptor> DescriptorAsync(Client client, CancellationToken cancellationToken)
    {
        var app = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(app, client, cancellationToken);
        return app;
    }

    private static bool NeedsSecret(OpenIddictApplicationDescriptor app) =>
        app is { ClientType: ClientTypes.Confidential, ClientSecret: null, JsonWebKeySet: null };

    private static async Task<Client> ValidAsync(Func<Task<Client>> write)
    {
        try
        {
            return await write();
        }
        catch (OpenIddictExceptions.ValidationException exception)
        {
            throw new OperationException(
                OperationFault.Invalid, string.Join(Environment.NewLine, exception.Results.Select(result => result.ErrorMessage)));
        }
    }
}

/// <summary>Selects apps. A property that is null does not restrict the selection.</summary>
internal sealed record AppFilter
{
    public string? Id { get; init; }

    /// <summary>The beginning of the name that users see.</summary>
    public string? NamePrefix { get; init; }

    public bool? IsDisabled { get; init; }
}

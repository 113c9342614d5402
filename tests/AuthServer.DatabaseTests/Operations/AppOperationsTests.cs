using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Operations;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;

namespace AuthServer.DatabaseTests.Operations;

/// <summary>What the administration API and the commands ask of the database, on every provider.</summary>
public abstract class AppOperationsTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Apps_are_paged_in_the_order_of_their_ids_and_found_by_the_beginning_of_their_names()
    {
        var node = await StartAsync();
        foreach (var id in new[] { "page-b", "page-a", "page-c" })
        {
            await node.DoAsync<AppOperations, AppView>(apps => apps.AddAsync(
                id, new AppFields { Type = "public", Name = $"Paged 50% {id}" }, CancellationToken.None));
        }

        var filter = new AppFilter { NamePrefix = "pAGED 50% page", IsDisabled = false };
        Assert.Equal(["page-a", "page-b"], await PageAsync(""));
        Assert.Equal(["page-c"], await PageAsync("page-b"));
        await node.DoAsync<AppOperations, AppView>(apps => apps.DisableAsync("page-c", CancellationToken.None));
        Assert.Equal([], await PageAsync("page-b"));
        await node.DoAsync<AppOperations>(apps => apps.DeleteAsync("page-a", CancellationToken.None));
        Assert.Equal(["page-b"], await PageAsync(""));

        async Task<IEnumerable<string?>> PageAsync(string after) => (await node.DoAsync<AppOperations, IReadOnlyList<Client>>(
            apps => apps.PageAsync(filter, after, 2, CancellationToken.None))).Select(client => client.ClientId);
    }

    [Fact]
    public async Task Secrets_overlap_and_expire()
    {
        var node = await StartAsync();
        var first = (await node.DoAsync<AppOperations, AppView>(
            apps => apps.AddAsync("overlap", new AppFields(), CancellationToken.None))).Secret!;
        var second = (await node.DoAsync<SecretOperations, NewSecretView>(
            secrets => secrets.AddAsync("overlap", "second", TimeSpan.FromHours(1), CancellationToken.None))).Secret;
        Assert.Equal((true, true), (await IsValidAsync(first), await IsValidAsync(second)));
        Assert.Equal([null, "second"], (await ListAsync()).Select(secret => secret.Name));
        Assert.Equal([node.Clock.GetUtcNow() + TimeSpan.FromHours(1), null], (await ListAsync()).Select(secret => secret.ExpiresAt));

        node.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((false, true), (await IsValidAsync(first), await IsValidAsync(second)));
        Assert.Equal(["second"], (await ListAsync()).Select(secret => secret.Name));

        Task<bool> IsValidAsync(string secret) => node.DoAsync<IOpenIddictApplicationManager, bool>(async clients =>
            await clients.ValidateClientSecretAsync((await clients.FindByClientIdAsync("overlap"))!, secret));

        Task<IReadOnlyList<SecretView>> ListAsync() => node.DoAsync<IServiceProvider, IReadOnlyList<SecretView>>(async services =>
            await services.GetRequiredService<SecretOperations>().ListAsync(
                (await services.GetRequiredService<AppOperations>().FindAsync("overlap", CancellationToken.None)).Client,
                CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_messages_and_events_of_some_people_can_be_asked_for()
    {
        var node = await StartAsync();
        var after = (node.Clock.GetUtcNow(), Guid.CreateVersion7());

        Assert.Empty(await node.DoAsync<OutboxOperations, IReadOnlyList<MailView>>(
            outbox => outbox.MailsAsync(after, 10, CancellationToken.None)));
        Assert.Empty(await node.DoAsync<OutboxOperations, IReadOnlyList<NoticeView>>(
            outbox => outbox.NoticesAsync(after, 10, CancellationToken.None)));
        await node.DoAsync<IServiceProvider>(async services => Assert.Empty(await services.GetRequiredService<AuditQueries>().PageAsync(
            new AuditFilter { People = services.GetRequiredService<AuthDbContext>().Users.Where(user => user.UserName == "nobody").Select(user => user.Id) },
            after, 10, CancellationToken.None)));
    }

    private async Task<Node> StartAsync() => (await NodeAsync(services =>
    {
        services.AddScoped<AppOperations>();
        services.AddScoped<SecretOperations>();
        services.AddScoped<OutboxOperations>();
    })).WithKeys();

    public sealed class OnSqlite(SqliteDatabase database) : AppOperationsTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : AppOperationsTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : AppOperationsTests(database), IClassFixture<SqlServerDatabase>;
}

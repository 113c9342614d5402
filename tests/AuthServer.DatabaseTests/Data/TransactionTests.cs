using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.DatabaseTests.Data;

/// <summary>One transaction around Identity's and OpenIddict's managers, inside the execution strategy that retries.</summary>
public abstract class TransactionTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task A_committed_transaction_is_stored_completely()
    {
        var node = (await NodeAsync()).WithKeys();

        await ChangeAsync(node, "committed", commit: true);

        Assert.Equal((1, 1, 1), await CountAsync(node, "committed"));
    }

    [Fact]
    public async Task A_transaction_without_a_commit_stores_nothing()
    {
        var node = (await NodeAsync()).WithKeys();

        await ChangeAsync(node, "dropped", commit: false);

        Assert.Equal((0, 0, 0), await CountAsync(node, "dropped"));
    }

    [Fact]
    public async Task Transactions_that_read_and_then_write_wait_for_each_other()
    {
        var node = (await NodeAsync()).WithKeys();

        await Together.RunAsync(12, number => ChangeAsync(node, $"parallel-{number}", commit: true));

        Assert.Equal((1, 1, 1), await CountAsync(node, "parallel-11"));
    }

    [Fact]
    public async Task Two_scopes_never_share_a_pooled_context()
    {
        var node = (await NodeAsync()).WithKeys();
        using var first = node.Services.CreateScope();
        using var second = node.Services.CreateScope();

        var mine = first.ServiceProvider.GetRequiredService<AuthDbContext>();
        mine.Users.Add(new User());

        Assert.NotSame(mine, second.ServiceProvider.GetRequiredService<AuthDbContext>());
        Assert.Same(mine, first.ServiceProvider.GetRequiredService<AuthDbContext>());
        first.Dispose();
        Assert.Empty((await NextContextsAsync(node)).SelectMany(context => context.ChangeTracker.Entries()));
    }

    // As many as the pool can hold, so that the used context is among them.
    private static Task<List<AuthDbContext>> NextContextsAsync(Node node) => Task.FromResult(
        Enumerable.Range(0, 8).Select(_ => node.Services.CreateScope().ServiceProvider.GetRequiredService<AuthDbContext>()).ToList());

    private static Task<bool> ChangeAsync(Node node, string name, bool commit) => node.DoAsync<IServiceProvider, bool>(services =>
    {
        var database = services.GetRequiredService<AuthDbContext>().Database;
        return database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.BeginTransactionAsync();
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            Assert.Null(await clients.FindByClientIdAsync(name));
            await clients.CreateAsync(new OpenIddictApplicationDescriptor { ClientId = name, ClientType = ClientTypes.Public });
            await clients.DeleteAsync(await clients.CreateAsync(
                new OpenIddictApplicationDescriptor { ClientId = name + "-passing", ClientType = ClientTypes.Public }));
            await services.GetRequiredService<IOpenIddictScopeManager>().CreateAsync(new OpenIddictScopeDescriptor { Name = name });
            var added = await services.GetRequiredService<UserManager<User>>()
                .CreateAsync(new User { UserName = name, Email = $"{name}@example.test" });
            Assert.True(added.Succeeded, $"{added}");
            if (commit)
            {
                await transaction.CommitAsync();
            }

            return commit;
        });
    });

    private static Task<(int Clients, int Scopes, int Users)> CountAsync(Node node, string name) =>
        node.DoAsync<AuthDbContext, (int, int, int)>(async context => (
            await context.Set<Client>().CountAsync(client => client.ClientId!.StartsWith(name)),
            await context.Set<Scope>().CountAsync(scope => scope.Name == name),
            await context.Users.CountAsync(user => user.UserName == name)));

    public sealed class OnSqlite(SqliteDatabase database) : TransactionTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : TransactionTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : TransactionTests(database), IClassFixture<SqlServerDatabase>;
}

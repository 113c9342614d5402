using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Pruning;
using AuthServer.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Data;

public abstract class SpentValuesTests(TestDatabase database) : ProviderTests(database)
{
    private readonly string value = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task A_value_can_be_used_once_on_all_nodes_together()
    {
        var (node, other) = (await NodeAsync(), await NodeAsync());

        Assert.True(await SpendAsync(node, "jti"));
        Assert.False(await SpendAsync(node, "jti"));
        Assert.False(await SpendAsync(other, "jti"));
        Assert.True(await SpendAsync(other, "challenge"));
    }

    [Fact]
    public async Task Of_twenty_concurrent_requests_one_uses_the_value()
    {
        var node = await NodeAsync();

        var spent = await Together.RunAsync(20, _ => SpendAsync(node, "jti"));

        Assert.Single(spent, isSpent => isSpent);
    }

    [Fact]
    public async Task Unsaved_changes_of_the_request_stay_unsaved_and_its_transaction_goes_on()
    {
        var node = await NodeAsync();
        var user = new User();
        if (Database.Provider is not DatabaseProvider.Sqlite)
        {
            await node.DoAsync<IServiceProvider>(async services =>
            {
                var context = services.GetRequiredService<AuthDbContext>();
                await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
                {
                    await using var transaction = await context.Database.BeginTransactionAsync();
                    await context.Users.AnyAsync();
                    Assert.True(await SpendAsync(services, "jti"));
                    Assert.False(await SpendAsync(services, "jti"));
                    Assert.False(await context.Users.AnyAsync(row => row.Id == user.Id));
                });
            });
        }

        await node.DoAsync<IServiceProvider>(async services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            context.Add(user);
            Assert.True(await SpendAsync(services, "other"));
            Assert.False(await SpendAsync(services, "other"));
            Assert.Equal(EntityState.Added, context.Entry(user).State);
            Assert.False(await context.Users.AnyAsync(row => row.Id == user.Id));
        });
    }

    [Fact]
    public async Task A_value_is_deleted_a_day_after_its_expiry()
    {
        // No pause between batches: the clock stands still, so a pause would never end.
        var node = NodeOn(await Database.MigratedAsync(), null, ("Pruning:Pause", "00:00:00"));
        await SpendAsync(node, "jti");
        await node.DoAsync<SpentValues>(
            values => values.TrySpendAsync("later", value, node.Clock.GetUtcNow() + TimeSpan.FromDays(2), CancellationToken.None));

        node.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        await node.DoAsync<PruningRun>(pruning => pruning.RunAsync(new PruneReport(), CancellationToken.None));

        Assert.True(await SpendAsync(node, "jti"));
        Assert.False(await SpendAsync(node, "later"));
    }

    private Task<bool> SpendAsync(Node node, string purpose) =>
        node.DoAsync<IServiceProvider, bool>(services => SpendAsync(services, purpose));

    private Task<bool> SpendAsync(IServiceProvider services, string purpose) => services.GetRequiredService<SpentValues>().TrySpendAsync(
        purpose, value, services.GetRequiredService<TimeProvider>().GetUtcNow() + TimeSpan.FromMinutes(1), CancellationToken.None);

    public sealed class OnSqlite(SqliteDatabase database) : SpentValuesTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : SpentValuesTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : SpentValuesTests(database), IClassFixture<SqlServerDatabase>;
}

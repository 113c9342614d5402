using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Users;

public abstract class LockoutTests(TestDatabase database) : ProviderTests(database)
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Fifty_failures_at_once_are_all_counted()
    {
        var node = await NodeAsync(limit: 1000);
        var id = await AddAsync(node);

        await Together.RunAsync(50, _ => FailAsync(node, id));

        Assert.Equal((50, null), await StateAsync(node, id));
    }

    [Fact]
    public async Task Fifty_failures_at_once_lock_the_account_once()
    {
        var node = await NodeAsync(limit: 10);
        var id = await AddAsync(node);

        await Together.RunAsync(50, _ => FailAsync(node, id));

        Assert.Equal((0, node.Clock.GetUtcNow() + Span), await StateAsync(node, id));
    }

    [Fact]
    public async Task Failures_during_a_lockout_neither_count_nor_prolong_it()
    {
        var node = await NodeAsync(limit: 1);
        var id = await AddAsync(node);
        await FailAsync(node, id);
        var end = node.Clock.GetUtcNow() + Span;

        node.Clock.Advance(Span - TimeSpan.FromSeconds(1));
        await FailAsync(node, id);

        Assert.Equal((0, end), await StateAsync(node, id));
    }

    [Fact]
    public async Task When_the_lockout_is_over_counting_begins_anew()
    {
        var node = await NodeAsync(limit: 2);
        var id = await AddAsync(node);
        await FailAsync(node, id);
        await FailAsync(node, id);
        var end = node.Clock.GetUtcNow() + Span;

        node.Clock.Advance(Span);
        await FailAsync(node, id);

        Assert.Equal((1, end), await StateAsync(node, id));
    }

    [Fact]
    public async Task A_sign_in_forgets_the_failures()
    {
        var node = await NodeAsync(limit: 3);
        var id = await AddAsync(node);
        await FailAsync(node, id);

        Assert.True(await PassAsync(node, id));

        Assert.Equal((0, null), await StateAsync(node, id));
    }

    [Fact]
    public async Task A_right_password_that_comes_with_a_flood_of_wrong_ones_is_judged_by_what_they_have_done_meanwhile()
    {
        var node = await NodeAsync(limit: 10);
        var id = await AddAsync(node);
        var asRead = await node.DoAsync<AuthDbContext, User>(context => context.Users.AsNoTracking().SingleAsync(user => user.Id == id));
        await Together.RunAsync(10, _ => FailAsync(node, id));

        Assert.False(await node.DoAsync<Lockout, bool>(lockout => lockout.TryPassAsync(asRead, CancellationToken.None)));
        Assert.Equal((0, node.Clock.GetUtcNow() + Span), await StateAsync(node, id));

        node.Clock.Advance(Span);
        Assert.True(await PassAsync(node, id));
        Assert.Equal((0, null), await StateAsync(node, id));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("password changed")]
    [InlineData("deleted")]
    public async Task What_happened_to_the_account_since_it_was_read_counts(string what)
    {
        var node = await NodeAsync(limit: 10);
        var id = await AddAsync(node);
        var asRead = await node.DoAsync<AuthDbContext, User>(context => context.Users.AsNoTracking().SingleAsync(user => user.Id == id));
        await node.DoAsync<AuthDbContext>(context => what switch
        {
            "disabled" => context.Users.Where(user => user.Id == id).ExecuteUpdateAsync(row => row.SetProperty(user => user.DisabledAt, node.Clock.GetUtcNow())),
            "deleted" => context.Users.Where(user => user.Id == id).ExecuteDeleteAsync(),
            _ => context.Users.Where(user => user.Id == id).ExecuteUpdateAsync(row => row.SetProperty(user => user.PasswordHash, "another")),
        });

        Assert.False(await node.DoAsync<Lockout, bool>(lockout => lockout.TryPassAsync(asRead, CancellationToken.None)));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_costs_a_statement_and_changes_nothing()
    {
        var node = await NodeAsync(limit: 1);
        var other = await AddAsync(node);

        await node.DoAsync<Lockout>(lockout => lockout.CountFailureAsync(null, CancellationToken.None));

        Assert.Equal((0, null), await StateAsync(node, other));
    }

    [Fact]
    public async Task An_account_that_is_exempt_is_never_locked()
    {
        var node = await NodeAsync(limit: 1);
        var id = await AddAsync(node, lockoutEnabled: false);

        await FailAsync(node, id);

        Assert.Equal((0, null), await StateAsync(node, id));
    }

    private Task<Node> NodeAsync(int limit) => NodeAsync(services => services.Configure<IdentityOptions>(options =>
    {
        options.Lockout.MaxFailedAccessAttempts = limit;
        options.Lockout.DefaultLockoutTimeSpan = Span;
    }));

    private static Task<bool> FailAsync(Node node, Guid id) => node.DoAsync<Lockout, bool>(async lockout =>
    {
        await lockout.CountFailureAsync(new User { Id = id }, CancellationToken.None);
        return true;
    });

    private static Task<bool> PassAsync(Node node, Guid id) => node.DoAsync<IServiceProvider, bool>(async services =>
        await services.GetRequiredService<Lockout>().TryPassAsync(
            await services.GetRequiredService<AuthDbContext>().Users.SingleAsync(user => user.Id == id), CancellationToken.None));

    private static Task<(int, DateTimeOffset?)> StateAsync(Node node, Guid id) => node.DoAsync<AuthDbContext, (int, DateTimeOffset?)>(async context =>
    {
        var user = await context.Users.SingleAsync(user => user.Id == id);
        return (user.AccessFailedCount, user.LockoutEnd);
    });

    private static Task<Guid> AddAsync(Node node, bool lockoutEnabled = true) => node.DoAsync<AuthDbContext, Guid>(async context =>
    {
        var user = new User { LockoutEnabled = lockoutEnabled };
        context.Users.Add(user);
        await context.SaveChangesAsync();
        return user.Id;
    });

    public sealed class OnSqlite(SqliteDatabase database) : LockoutTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : LockoutTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : LockoutTests(database), IClassFixture<SqlServerDatabase>;
}

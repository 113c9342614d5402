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
    public async Task Fifty_concurrent_failures_are_all_counted()
    {
        var node = await NodeAsync(limit: 1000);
        var id = await AddAsync(node);

        await Together.RunAsync(50, _ => FailAsync(node, id));

        Assert.Equal((50, null), await StateAsync(node, id));
    }

    [Fact]
    public async Task Fifty_concurrent_failures_lock_the_account_once()
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
    public async Task After_the_lockout_counting_begins_again()
    {
        var node = await NodeAsync(limit: 2);
        var id = await AddAsync(node);
        await FailAsync(node, id);
        await FailAsync(node, id);

        node.Clock.Advance(Span);
        await FailAsync(node, id);

        Assert.Equal((1, null), await StateAsync(node, id));
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
    public async Task A_right_password_among_many_wrong_ones_is_refused_if_they_have_locked_the_account_meanwhile()
    {
        var node = await NodeAsync(limit: 10);
        var id = await AddAsync(node);
        var asRead = await node.DoAsync<AuthDbContext, User>(context => context.Users.AsNoTracking().SingleAsync(user => user.Id == id));
        await Together.RunAsync(10, _ => FailAsync(node, id));

        Assert.False(await node.DoAsync<Lockout, bool>(lockout => lockout.TryPassAsync(asRead, null, CancellationToken.None)));
        Assert.Equal((0, node.Clock.GetUtcNow() + Span), await StateAsync(node, id));

        node.Clock.Advance(Span);
        Assert.True(await PassAsync(node, id));
        Assert.Equal((0, null), await StateAsync(node, id));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("password changed")]
    [InlineData("deleted")]
    public async Task A_change_of_the_account_since_it_was_read_refuses_the_sign_in(string what)
    {
        var node = await NodeAsync(limit: 10);
        var id = await AddAsync(node);
        var asRead = await node.DoAsync<AuthDbContext, User>(context => context.Users.AsNoTracking().SingleAsync(user => user.Id == id));
        await node.DoAsync<AuthDbContext>(context => what switch
        {
            "disabled" => context.Users.Where(user => user.Id == id)
                .ExecuteUpdateAsync(row => row.SetProperty(user => user.DisabledAt, node.Clock.GetUtcNow())),
            "deleted" => context.Users.Where(user => user.Id == id).ExecuteDeleteAsync(),
            _ =>
                context.Users.Where(user => user.Id == id).ExecuteUpdateAsync(row => row.SetProperty(user => user.PasswordHash, "another")),
        });

        Assert.False(await node.DoAsync<Lockout, bool>(lockout => lockout.TryPassAsync(asRead, null, CancellationToken.None)));
    }

    [Fact]
    public async Task Failures_for_an_unknown_name_are_stored_like_those_of_an_account_in_one_row_for_all_nodes()
    {
        var (node, other) = (await NodeAsync(limit: 10), await NodeAsync(limit: 10));
        var name = $"nobody-{Guid.CreateVersion7()}";
        var before = await CountAsync(node);

        await FailAsync(node, name);
        await FailAsync(other, $" {name.ToUpperInvariant()} ");

        Assert.Equal(before + 1, await CountAsync(node));
        Assert.Equal(1, await node.DoAsync<AuthDbContext, int>(context =>
            context.Set<SignInFailures>().CountAsync(row => row.Count == 2 && !context.Users.Any(user => user.Id == row.Account))));

        static Task FailAsync(Node node, string name) =>
            node.DoAsync<Lockout>(lockout => lockout.CountFailureAsync(null, name, null, CancellationToken.None));

        static Task<int> CountAsync(Node node) => node.DoAsync<AuthDbContext, int>(context => context.Set<SignInFailures>().CountAsync());
    }

    [Fact]
    public async Task Strangers_do_not_lock_out_the_users_own_browser_and_it_does_not_lock_them_out()
    {
        var node = await NodeAsync(limit: 2);
        var id = await AddAsync(node);
        var mine = new KnownBrowser(Guid.CreateVersion7(), [id]);
        var foreign = new KnownBrowser(Guid.CreateVersion7(), [Guid.CreateVersion7()]);

        await FailAsync(node, id);
        await FailAsync(node, id, foreign);

        Assert.False(await PassAsync(node, id));
        Assert.False(await PassAsync(node, id, foreign));
        Assert.True(await PassAsync(node, id, mine));

        await FailAsync(node, id, mine);
        await FailAsync(node, id, mine);
        Assert.False(await PassAsync(node, id, mine));
        node.Clock.Advance(Span);
        Assert.True(await PassAsync(node, id));
        Assert.True(await PassAsync(node, id, mine));
    }

    [Fact]
    public async Task An_account_that_is_exempt_is_never_locked()
    {
        var node = await NodeAsync(limit: 1);
        var id = await AddAsync(node, lockoutEnabled: false);

        await FailAsync(node, id);

        Assert.Equal((1, null), await StateAsync(node, id));
        Assert.True(await PassAsync(node, id));
    }

    private Task<Node> NodeAsync(int limit) => NodeAsync(services => services.Configure<IdentityOptions>(options =>
    {
        options.Lockout.MaxFailedAccessAttempts = limit;
        options.Lockout.DefaultLockoutTimeSpan = Span;
    }));

    private static Task<bool> FailAsync(Node node, Guid id, KnownBrowser? browser = null) =>
        node.DoAsync<IServiceProvider, bool>(async services =>
        {
            var user = await services.GetRequiredService<AuthDbContext>().Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id);
            await services.GetRequiredService<Lockout>().CountFailureAsync(user, $"{id}", browser, CancellationToken.None);
            return true;
        });

    private static Task<bool> PassAsync(Node node, Guid id, KnownBrowser? browser = null) =>
        node.DoAsync<IServiceProvider, bool>(async services =>
            await services.GetRequiredService<Lockout>().TryPassAsync(
                await services.GetRequiredService<AuthDbContext>().Users.SingleAsync(user => user.Id == id), browser,
                CancellationToken.None));

    // The failures of strangers; zero if there are none.
    private static Task<(int, DateTimeOffset?)> StateAsync(Node node, Guid id) =>
        node.DoAsync<AuthDbContext, (int, DateTimeOffset?)>(async context =>
            await context.Set<SignInFailures>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.Account == id && row.Browser == Guid.Empty) is { } row
                ? (row.Count, row.LockedUntil)
                : (0, null));

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

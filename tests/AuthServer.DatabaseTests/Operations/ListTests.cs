using AuthServer.Administration;
using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Operations;
using AuthServer.SecondFactors;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Operations;

public abstract class ListTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task Users_are_listed_page_by_page_in_one_order_and_found_by_what_is_known_of_them()
    {
        var node = await AdminNodeAsync();
        string[] names = ["li-b", "li.a", "li_c", "lia", "lib-x", "lib.x", "LIB0", "lic+d", "li"];
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await node.DoAsync<UserManager<User>>(async users =>
        {
            foreach (var name in names)
            {
                var user = new User { UserName = name, Email = $"{Guid.CreateVersion7():N}@example.test", CreatedAt = node.Clock.GetUtcNow() };
                Assert.True((await users.CreateAsync(user)).Succeeded);
                ids[name] = user.Id;
            }
        });

        var walked = new List<string>();
        var after = "";
        while (await PageAsync(new UserFilter { NamePrefix = "li" }, after, 2) is { Count: > 0 } page)
        {
            walked.AddRange(page.Select(row => row.User.Name));
            after = page[^1].Position;
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
        Assert.Equal(["LIB0", "lib-x", "lib.x"], (await PageAsync(new UserFilter { NamePrefix = "lib" }, "", 9))
            .Select(row => row.User.Name).Order(StringComparer.Ordinal));
        Assert.Equal("li_c", Assert.Single(await PageAsync(new UserFilter { NamePrefix = "li_" }, "", 9)).User.Name);
        Assert.Empty(await PageAsync(new UserFilter { NamePrefix = "li%" }, "", 9));
        Assert.Equal("lia", Assert.Single(await PageAsync(new UserFilter { Id = ids["lia"] }, "", 9)).User.Name);
        Assert.Equal("lia", Assert.Single(await PageAsync(new UserFilter { Name = "LIA" }, "", 9)).User.Name);
        Assert.Empty(await PageAsync(new UserFilter { Name = "li\0a", Email = "\0" }, "", 9));

        Task<IReadOnlyList<(string Position, UserSummary User)>> PageAsync(UserFilter filter, string from, int limit) =>
            node.DoAsync<UserQueries, IReadOnlyList<(string, UserSummary)>>(
                users => users.PageAsync(users.In(null), filter, from, limit, CancellationToken.None));
    }

    [Fact]
    public async Task A_list_can_show_the_holders_of_a_role_only()
    {
        var node = await AdminNodeAsync();
        var (inside, outside) = (await SignIns.AddUserAsync(node), await SignIns.AddUserAsync(node));
        var role = new Role { Name = $"r{Guid.CreateVersion7():N}" };
        await node.DoAsync<IServiceProvider>(async services =>
        {
            Assert.True((await services.GetRequiredService<RoleManager<Role>>().CreateAsync(role)).Succeeded);
            var users = services.GetRequiredService<UserManager<User>>();
            Assert.True((await users.AddToRoleAsync((await users.FindByIdAsync($"{inside.Id}"))!, role.Name!)).Succeeded);
        });

        var seen = await node.DoAsync<UserQueries, IReadOnlyList<(string, UserSummary User)>>(
            users => users.PageAsync(users.In(new HashSet<Guid> { role.Id }), new UserFilter(), "", 9, CancellationToken.None));
        Assert.Equal((inside.UserName, role.Name), (Assert.Single(seen).User.Name, Assert.Single(seen[0].User.Roles)));
        Assert.NotEqual(outside.Id, seen[0].User.Id);
    }

    [Fact]
    public async Task Two_nodes_cannot_take_away_the_last_two_administrators_at_once()
    {
        var (one, other) = (await AdminNodeAsync(), await AdminNodeAsync());
        var role = new Role { Name = $"r{Guid.CreateVersion7():N}" };
        User[] admins = [await SignIns.AddUserAsync(one), await SignIns.AddUserAsync(one)];
        await one.DoAsync<IServiceProvider>(async services =>
        {
            // Those of other tests would count, too.
            await services.GetRequiredService<AuthDbContext>().RoleClaims.ExecuteDeleteAsync();
            Assert.True((await services.GetRequiredService<RoleManager<Role>>().CreateAsync(role)).Succeeded);
            await services.GetRequiredService<RolePermissionStore>()
                .SetAsync(new RolePermissions(role.Id, [AdminScopes.Everything], []), CancellationToken.None);
            await services.GetRequiredService<AuthDbContext>().SaveChangesAsync();
            var users = services.GetRequiredService<UserManager<User>>();
            foreach (var admin in admins)
            {
                Assert.True((await users.AddToRoleAsync((await users.FindByIdAsync($"{admin.Id}"))!, role.Name!)).Succeeded);
            }
        });

        var left = await Task.WhenAll(TakeAsync(one, admins[0].Id), TakeAsync(other, admins[1].Id));

        Assert.Equal([0, 1], left.Order());

        Task<int> TakeAsync(Node node, Guid user) => node.WithKeys().DoAsync<IServiceProvider, int>(services =>
        {
            var context = services.GetRequiredService<AuthDbContext>();
            return context.TransactAsync(
                async token =>
                {
                    var permissions = services.GetRequiredService<RolePermissionStore>();
                    await permissions.WaitForOthersAsync(token);
                    var users = services.GetRequiredService<UserManager<User>>();
                    Assert.True((await users.RemoveFromRoleAsync((await users.FindByIdAsync($"{user}"))!, role.Name!)).Succeeded);
                    await Task.Delay(TimeSpan.FromMilliseconds(200), token);
                    return (await permissions.FullAdminsAsync(token)).Count;
                },
                CancellationToken.None);
        });
    }

    private async Task<Node> AdminNodeAsync() => (await NodeAsync(services =>
    {
        services.AddSecondFactors();
        services.AddScoped<UserQueries>();
    })).WithKeys();

    public sealed class Sqlite(SqliteDatabase database) : ListTests(database), IClassFixture<SqliteDatabase>;

    public sealed class SqlServer(SqlServerDatabase database) : ListTests(database), IClassFixture<SqlServerDatabase>;

    public sealed class Postgres(PostgresDatabase database) : ListTests(database), IClassFixture<PostgresDatabase>;
}

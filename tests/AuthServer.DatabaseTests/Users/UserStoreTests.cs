using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.DatabaseTests.Users;

public abstract class UserStoreTests(TestDatabase database) : ProviderTests(database)
{
    [Fact]
    public async Task A_user_comes_back_as_saved()
    {
        var node = await NodeAsync();
        var instant = new DateTimeOffset(2026, 3, 29, 2, 30, 15, TimeSpan.FromHours(2)).AddTicks(1234560);
        var saved = await AddAsync(node, "grace", user =>
        {
            user.DisplayName = "Grâce 東京 🔑";
            user.CreatedAt = instant;
            user.DisabledAt = instant.AddYears(1);
            user.LockoutEnd = instant.AddYears(2);
        });

        var found = await node.DoAsync<AuthDbContext, User>(context => context.Users.SingleAsync(user => user.Id == saved.Id));

        Assert.Equal(
            (
                saved.UserName, saved.Email, saved.DisplayName, saved.CreatedAt, saved.DisabledAt, saved.LockoutEnd, saved.SecurityStamp,
                saved.PasswordHash),
            (
                found.UserName, found.Email, found.DisplayName, found.CreatedAt, found.DisabledAt, found.LockoutEnd, found.SecurityStamp,
                found.PasswordHash));
        Assert.Equal(TimeSpan.Zero, found.CreatedAt.Offset);
    }

    [Fact]
    public async Task Ids_are_version_7()
    {
        var node = await NodeAsync();

        Assert.Equal(7, (await AddAsync(node, "henry")).Id.Version);
    }

    [Fact]
    public async Task Users_are_stored_in_the_order_of_their_creation()
    {
        Assert.SkipWhen(IsSqlServer, "SQL Server sorts a uniqueidentifier by its random end: Data/GuidVersion7.cs.");
        var node = await NodeAsync();
        var names = Enumerable.Range(0, 20).Select(number => $"ordered-{number}").ToArray();
        foreach (var name in names)
        {
            await AddAsync(node, name);
            await Task.Delay(2);
        }

        // In SQL, because no query of the server may sort by an id (Support/OrderByGuid).
        Assert.Equal(names, await node.DoAsync<AuthDbContext, List<string>>(context => context.Database
            .SqlQueryRaw<string>("""SELECT "UserName" FROM "Users" WHERE "UserName" LIKE 'ordered-%' ORDER BY "Id" """).ToListAsync()));
    }

    [Fact]
    public async Task Instants_compare_and_sort_in_the_database()
    {
        var node = await NodeAsync();
        var noon = new DateTimeOffset(2031, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await AddAsync(node, "instant-2", user => user.LockoutEnd = noon.AddTicks(10));
        await AddAsync(node, "instant-3", user => user.LockoutEnd = noon.ToOffset(TimeSpan.FromHours(-9)).AddSeconds(1));
        await AddAsync(node, "instant-1", user => user.LockoutEnd = noon);
        await AddAsync(node, "instant-0", user => user.LockoutEnd = null);

        var after = await node.DoAsync<AuthDbContext, List<string?>>(context => context.Users
            .Where(user => user.UserName!.StartsWith("instant-") && user.LockoutEnd > noon.ToOffset(TimeSpan.FromHours(5)))
            .OrderByDescending(user => user.LockoutEnd).Select(user => user.UserName).ToListAsync());

        Assert.Equal(["instant-3", "instant-2"], after);
    }

    [Fact]
    public async Task One_address_in_any_letter_case_is_one_account()
    {
        var node = await NodeAsync();
        await AddAsync(node, "ida");

        var second = await node.DoAsync<UserManager<User>, IdentityResult>(users =>
            users.CreateAsync(new User { UserName = "ida2", Email = "IDA@Example.test" }));

        Assert.Equal("DuplicateEmail", Assert.Single(second.Errors).Code);
    }

    [Fact]
    public async Task Concurrent_registrations_of_one_address_create_one_account()
    {
        var node = await NodeAsync();

        var succeeded = await Together.RunAsync(8, async number =>
        {
            try
            {
                var user = new User { UserName = $"rush-{number}", Email = "rush@example.test" };
                return (await node.DoAsync<UserManager<User>, IdentityResult>(users => users.CreateAsync(user))).Succeeded;
            }
            catch (DbUpdateException)
            {
                return false;
            }
        });

        Assert.Single(succeeded, true);
        Assert.Equal(
            1, await node.DoAsync<AuthDbContext, int>(context => context.Users.CountAsync(user => user.Email == "rush@example.test")));
    }

    [Fact]
    public async Task Of_two_changes_to_one_user_the_second_is_refused()
    {
        var node = await NodeAsync();
        await AddAsync(node, "jane");

        var second = await node.DoAsync<UserManager<User>, IdentityResult>(async users =>
        {
            var mine = (await users.FindByNameAsync("jane"))!;
            await node.DoAsync<UserManager<User>>(
                async others => await others.SetPhoneNumberAsync((await others.FindByNameAsync("jane"))!, "1"));
            return await users.SetPhoneNumberAsync(mine, "2");
        });

        Assert.Equal("ConcurrencyFailure", Assert.Single(second.Errors).Code);
    }

    [Fact]
    public async Task An_account_at_a_provider_is_found_by_its_exact_subject_only()
    {
        var node = await NodeAsync();
        var subject = new string('a', 255);
        await AddAsync(node, "lower");
        await AddAsync(node, "upper");
        await node.DoAsync<UserManager<User>>(async users =>
        {
            await users.AddLoginAsync((await users.FindByNameAsync("lower"))!, new UserLoginInfo("idp", subject, null));
            await users.AddLoginAsync((await users.FindByNameAsync("upper"))!, new UserLoginInfo("idp", subject.ToUpperInvariant(), null));
        });

        Assert.Equal("lower", (await node.DoAsync<UserManager<User>, User?>(users => users.FindByLoginAsync("idp", subject)))?.UserName);
        Assert.Equal(
            "upper",
            (await node.DoAsync<UserManager<User>, User?>(users => users.FindByLoginAsync("idp", subject.ToUpperInvariant())))?.UserName);
        Assert.Null(await node.DoAsync<UserManager<User>, User?>(users => users.FindByLoginAsync("idp", "A" + subject[1..])));
    }

    [Fact]
    public async Task A_passkey_with_the_longest_credential_id_is_kept_and_found()
    {
        var node = await NodeAsync();
        var id = Enumerable.Range(0, 1023).Select(number => (byte)number).ToArray();
        var created = node.Clock.GetUtcNow();
        await AddAsync(node, "kim");
        await node.DoAsync<UserManager<User>>(async users => Assert.True((await users.AddOrUpdatePasskeyAsync(
            (await users.FindByNameAsync("kim"))!,
            new UserPasskeyInfo(id, [1, 2, 3], created, 7, ["internal"], true, true, true, [4], [5]) { Name = "phone" })).Succeeded));

        var found = await node.DoAsync<UserManager<User>, (User? User, UserPasskeyInfo? Passkey)>(async users =>
        {
            var user = await users.FindByPasskeyIdAsync(id);
            return (user, await users.GetPasskeyAsync(user!, id));
        });

        Assert.Equal("kim", found.User?.UserName);
        Assert.Equal(("phone", created, 7u), (found.Passkey!.Name, found.Passkey.CreatedAt, found.Passkey.SignCount));
        Assert.Equal([1, 2, 3], found.Passkey.PublicKey);
    }

    [Fact]
    public async Task Rows_of_a_user_are_deleted_with_the_user()
    {
        var node = await NodeAsync();
        await node.DoAsync<RoleManager<Role>>(roles => roles.CreateAsync(new Role { Name = "auditor" }));
        var user = await AddAsync(node, "leo");
        await node.DoAsync<UserManager<User>>(async users =>
        {
            var leo = (await users.FindByIdAsync($"{user.Id}"))!;
            Assert.True((await users.AddToRoleAsync(leo, "AUDITOR")).Succeeded);
            Assert.True((await users.AddLoginAsync(leo, new UserLoginInfo("idp", "leo", null))).Succeeded);
            Assert.True((await users.DeleteAsync(leo)).Succeeded);
        });

        await node.DoAsync<AuthDbContext>(async context =>
        {
            Assert.False(await context.UserRoles.AnyAsync(row => row.UserId == user.Id));
            Assert.False(await context.UserLogins.AnyAsync(row => row.UserId == user.Id));
            Assert.True(await context.Roles.AnyAsync(role => role.Name == "auditor"));
        });
    }

    [Fact]
    public async Task A_row_with_a_missing_reference_is_refused()
    {
        var node = await NodeAsync();

        await Assert.ThrowsAsync<DbUpdateException>(() => node.DoAsync<AuthDbContext>(context =>
        {
            context.UserRoles.Add(new IdentityUserRole<Guid> { UserId = Guid.CreateVersion7(), RoleId = Guid.CreateVersion7() });
            return context.SaveChangesAsync();
        }));
    }

    private static Task<User> AddAsync(Node node, string name, Action<User>? change = null) =>
        node.DoAsync<UserManager<User>, User>(async users =>
        {
            var user = new User { UserName = name, Email = $"{name}@example.test", CreatedAt = node.Clock.GetUtcNow() };
            change?.Invoke(user);
            var result = await users.CreateAsync(user);
            Assert.True(result.Succeeded, $"{result}");
            return user;
        });

    public sealed class OnSqlite(SqliteDatabase database) : UserStoreTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : UserStoreTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : UserStoreTests(database), IClassFixture<SqlServerDatabase>;
}

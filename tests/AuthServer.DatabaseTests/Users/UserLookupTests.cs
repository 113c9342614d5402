using AuthServer.Data;
using AuthServer.DatabaseTests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.DatabaseTests.Users;

public abstract class UserLookupTests(TestDatabase database) : ProviderTests(database)
{
    [Theory]
    [InlineData("mary")]
    [InlineData("MARY")]
    [InlineData("mary@example.test")]
    [InlineData("Mary@Example.Test")]
    public async Task Name_and_address_find_the_user_in_any_letter_case(string typed)
    {
        var node = await NodeAsync();
        await AddAsync(node, "mary", "mary@example.test");

        Assert.Equal("mary", await FindAsync(node, typed));
    }

    [Fact]
    public async Task If_an_address_equals_another_users_name_the_address_wins()
    {
        var node = await NodeAsync();
        await AddAsync(node, "nora@example.test", "other@example.test");
        await AddAsync(node, "nora", "nora@example.test");

        Assert.Equal("nora", await FindAsync(node, "nora@example.test"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("%")]
    [InlineData("_ary")]
    [InlineData("")]
    [InlineData("mary\0")]
    [InlineData("\0")]
    [InlineData("' OR 1=1 --")]
    public async Task An_unknown_name_finds_no_user(string typed)
    {
        var node = await NodeAsync();
        await AddAsync(node, "mary", "mary@example.test");

        Assert.Null(await FindAsync(node, typed));
    }

    [Fact]
    public async Task A_name_of_any_length_can_be_looked_up()
    {
        var node = await NodeAsync();

        Assert.Null(await FindAsync(node, new string('x', 1_000_000)));
    }

    private static async Task<string?> FindAsync(Node node, string typed) =>
        (await node.DoAsync<UserLookup, User?>(lookup => lookup.FindAsync(typed, CancellationToken.None)))?.UserName;

    // Without UserManager, whose rules would not let a user take another's address as a name.
    private static Task AddAsync(Node node, string name, string email) => node.DoAsync<IServiceProvider>(async services =>
    {
        if (await FindAsync(node, name) != name)
        {
            var context = services.GetRequiredService<AuthDbContext>();
            var normalizer = services.GetRequiredService<ILookupNormalizer>();
            context.Users.Add(new User
            {
                UserName = name,
                NormalizedUserName = normalizer.NormalizeName(name),
                Email = email,
                NormalizedEmail = normalizer.NormalizeEmail(email),
            });
            await context.SaveChangesAsync();
        }
    });

    public sealed class OnSqlite(SqliteDatabase database) : UserLookupTests(database), IClassFixture<SqliteDatabase>;

    public sealed class OnPostgres(PostgresDatabase database) : UserLookupTests(database), IClassFixture<PostgresDatabase>;

    public sealed class OnSqlServer(SqlServerDatabase database) : UserLookupTests(database), IClassFixture<SqlServerDatabase>;
}

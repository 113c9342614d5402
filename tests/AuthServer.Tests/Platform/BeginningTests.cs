using AuthServer.Platform;
using AuthServer.Tests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Platform;

/// <summary>The file declares the initial state of users. No later start undoes what they or an operator have changed since.</summary>
public sealed class BeginningTests
{
    private const string People = """
        roles: [admin, editor]
        users:
          - { name: carl, email: carl@example.test, email_confirmed: true, display_name: Carl, password: "plain:a long enough password", roles: [admin] }
          - { name: dora@example.test, email: dora@example.test, email_confirmed: true, password: "plain:a long enough password", roles: [admin] }
        """;

    [Fact]
    public async Task An_address_that_a_user_changed_stays()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await ChangeAsync(
            app, "carl", user => (user.Email, user.EmailConfirmed, user.DisplayName) = ("mine@example.test", false, "Charles"));

        var report = await ApplyAsync(app, People);

        Assert.Empty(report.Problems);
        Assert.Equal(
            "mine@example.test 0 Charles",
            await app.TextAsync("SELECT Email || ' ' || EmailConfirmed || ' ' || DisplayName FROM Users WHERE UserName = 'carl'"));
    }

    [Fact]
    public async Task A_changed_user_name_does_not_create_a_second_account()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        var count = await app.CountAsync("SELECT COUNT(*) FROM Users");
        await ChangeAsync(app, "dora@example.test", user => user.UserName = user.Email = "new@example.test");

        var report = await ApplyAsync(app, People);

        Assert.Empty(report.Problems);
        Assert.Equal(count, await app.CountAsync("SELECT COUNT(*) FROM Users"));
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE Email = 'dora@example.test'"));
    }

    [Fact]
    public async Task A_deleted_account_stays_deleted()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await app.SqlAsync("DELETE FROM Users WHERE UserName = 'carl'");

        var report = await ApplyAsync(app, People);

        Assert.Empty(report.Problems);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM Users WHERE UserName = 'carl'"));
    }

    [Fact]
    public async Task An_address_that_another_user_has_taken_since_does_not_fail_the_start()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await ChangeAsync(app, "carl", user => user.Email = "mine@example.test");
        await ChangeAsync(app, "bob", user => user.Email = "carl@example.test");

        // As at a start: a fault in the file would end it.
        await using var next = AuthServerApp.Beside(app, ("Platform:File", await WriteAsync(app, People)));

        Assert.Equal("carl mine@example.test, bob carl@example.test", await app.TextAsync(
            "SELECT group_concat(UserName || ' ' || Email, ', ') FROM (SELECT * FROM Users WHERE UserName "
            + "IN ('bob', 'carl') ORDER BY UserName DESC)"));
    }

    [Fact]
    public async Task A_role_removed_by_an_operator_stays_removed()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await app.SqlAsync("DELETE FROM UserRoles");

        await ApplyAsync(app, People);

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM UserRoles"));
    }

    [Fact]
    public async Task A_role_that_is_new_in_the_file_is_given_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        var more = People.Replace("roles: [admin] }", "roles: [admin, editor] }", StringComparison.Ordinal);

        Assert.Contains("changed user carl: role editor", (await ApplyAsync(app, more)).Changes);
        Assert.Equal(4, await app.CountAsync(
            "SELECT COUNT(*) FROM UserRoles JOIN Users ON Users.Id = UserId WHERE UserName IN ('carl', 'dora@example.test')"));
        await app.SqlAsync("DELETE FROM UserRoles");
        Assert.Equal(0, (await ApplyAsync(app, more)).ChangedCount);
    }

    [Fact]
    public async Task A_dry_run_lists_the_values_that_stay_different_from_the_file()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await ChangeAsync(app, "carl", user => (user.Email, user.DisplayName) = ("mine@example.test", "Charles"));
        await app.SqlAsync("DELETE FROM Users WHERE UserName LIKE 'dora%'");

        var report = await ApplyAsync(app, People, keep: false);

        Assert.Equal(
            ["kept user carl: email, display_name are not as in the file",
                "kept user dora@example.test: the account was deleted here (--recreate dora@example.test makes it again)"],
            report.Kept);
        Assert.Equal((0, 0, 4), (report.CreatedCount, report.ChangedCount, report.UnchangedCount));
    }

    [Fact]
    public async Task A_deleted_account_is_created_again_on_demand()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await app.SqlAsync("DELETE FROM Users WHERE UserName = 'carl'");

        var report = await app.Services.GetRequiredService<PlatformApplier>()
            .ApplyAsync(await WriteAsync(app, People), keep: true, CancellationToken.None, recreate: ["carl"]);

        Assert.Equal(["created user carl"], report.Changes);
        Assert.Equal(0, (await ApplyAsync(app, People)).CreatedCount);
    }

    [Theory]
    [InlineData("{ name: carl, email: new@example.test, roles: [admin] }", "carl", "'carl' existed before this file, which gives no role")]
    [InlineData("{ name: new, email: carl@example.test, roles: [admin] }", "carl", "'carl' existed before this file, which gives no role")]
    [InlineData(
        "{ name: carl, email: dora@example.test, roles: [admin] }", null,
        "The user 'carl' is not created: the name and the address 'dora@example.test' belong to two other accounts.")]
    public async Task An_account_that_existed_before_gets_no_role_from_the_file(string entry, string? adopted, string warning)
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People.Replace("roles: [admin] }", "}", StringComparison.Ordinal));
        await app.SqlAsync("DELETE FROM PlatformEntries");
        var before = await app.TextAsync("SELECT group_concat(UserName || Email || ConcurrencyStamp) FROM Users");

        var report = await ApplyAsync(app, $"{{ roles: [admin], users: [{entry}] }}");

        Assert.StartsWith(warning, Assert.Single(report.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(adopted is null ? 0 : 1, report.AdoptedCount);
        Assert.Empty(report.Problems);
        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM UserRoles JOIN Users ON Users.Id = UserId WHERE UserName = 'carl'"));
        Assert.Equal(before, await app.TextAsync("SELECT group_concat(UserName || Email || ConcurrencyStamp) FROM Users"));
        Assert.Equal(adopted is null ? 1 : 0, (await ApplyAsync(app, $"{{ roles: [admin], users: [{entry}] }}")).Warnings.Count);
    }

    [Fact]
    public async Task A_renamed_entry_keeps_its_user_by_its_key()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        var renamed = People.Replace("name: carl", "name: charles", StringComparison.Ordinal);

        var warned = await ApplyAsync(app, renamed);
        var keyed = await ApplyAsync(app, renamed.Replace("name: charles", "key: carl, name: charles", StringComparison.Ordinal));

        Assert.Contains("To rename an entry, give it 'key: CARL'", Assert.Single(warned.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(3, warned.Warnings[0].Place.Line);
        Assert.Empty(keyed.Warnings);
        Assert.Equal(["kept user carl: name is not as in the file"], keyed.Kept);
    }

    [Fact]
    public async Task A_password_may_be_given_as_a_hash()
    {
        await using var app = await AuthServerApp.StartAsync();
        var hash = new AuthServer.Passwords.PasswordHasher().HashPassword(new User(), "a long enough password");

        var report = await ApplyAsync(app, $"users: [{{ name: carl, email: carl@example.test, password_hash: 'plain:{hash}' }}]");

        Assert.Empty(report.Problems);
        var tokens = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("carl", "a long enough password");
        Assert.Equal(System.Net.HttpStatusCode.OK, tokens.Status);
    }

    internal static async Task<ApplyReport> ApplyAsync(AuthServerApp app, string yaml, bool keep = true) =>
        await app.Services.GetRequiredService<PlatformApplier>().ApplyAsync(await WriteAsync(app, yaml), keep, CancellationToken.None);

    private static async Task<string> WriteAsync(AuthServerApp app, string yaml)
    {
        var path = Path.Combine(Path.GetDirectoryName(app.DatabasePath)!, "platform.yaml");
        await File.WriteAllTextAsync(path, yaml);
        return path;
    }

    internal static async Task ChangeAsync(AuthServerApp app, string name, Action<User> change)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByNameAsync(name))!;
        change(user);
        Assert.True((await users.UpdateAsync(user)).Succeeded);
    }
}

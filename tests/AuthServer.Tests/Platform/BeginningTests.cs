using AuthServer.Platform;
using AuthServer.Tests.Support;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Platform;

/// <summary>The file declares how people begin; no later start takes anything back that they or an operator did since.</summary>
public sealed class BeginningTests
{
    private const string People = """
        roles: [admin, editor]
        users:
          - { name: carl, email: carl@example.test, email_confirmed: true, display_name: Carl, password: "plain:a long enough password", roles: [admin] }
          - { name: dora@example.test, email: dora@example.test, email_confirmed: true, password: "plain:a long enough password", roles: [admin] }
        """;

    [Fact]
    public async Task An_address_that_a_person_changed_stays()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await ChangeAsync(app, "carl", user => (user.Email, user.EmailConfirmed, user.DisplayName) = ("mine@example.test", false, "Charles"));

        var report = await ApplyAsync(app, People);

        Assert.Empty(report.Problems);
        Assert.Equal(
            "mine@example.test 0 Charles",
            await app.TextAsync("SELECT Email || ' ' || EmailConfirmed || ' ' || DisplayName FROM Users WHERE UserName = 'carl'"));
    }

    [Fact]
    public async Task A_user_name_that_a_person_changed_makes_no_second_account()
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
    public async Task An_address_that_somebody_else_has_taken_since_fails_no_start()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await ChangeAsync(app, "carl", user => user.Email = "mine@example.test");
        await ChangeAsync(app, "bob", user => user.Email = "carl@example.test");

        // As a start does it: what it took for a fault ended it.
        await using var next = AuthServerApp.Beside(app, ("Platform:File", await WriteAsync(app, People)));

        Assert.Equal("carl mine@example.test, bob carl@example.test", await app.TextAsync(
            "SELECT group_concat(UserName || ' ' || Email, ', ') FROM (SELECT * FROM Users WHERE UserName IN ('bob', 'carl') ORDER BY UserName DESC)"));
    }

    [Fact]
    public async Task A_role_that_an_operator_took_away_stays_away()
    {
        await using var app = await AuthServerApp.StartAsync();
        await ApplyAsync(app, People);
        await app.SqlAsync("DELETE FROM UserRoles");

        await ApplyAsync(app, People);

        Assert.Equal(0, await app.CountAsync("SELECT COUNT(*) FROM UserRoles"));
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

using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Users;

/// <summary>Each refresh checks the user again.</summary>
public sealed class EndedAccountTests
{
    [Theory]
    [InlineData("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'alice'")]
    [InlineData("UPDATE Users SET SecurityStamp = 'changed' WHERE UserName = 'alice'")]
    [InlineData("DELETE FROM Users WHERE UserName = 'alice'")]
    public async Task A_locked_changed_or_deleted_account_cannot_refresh_and_its_family_ends(string change)
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var signedIn = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        await using (var connection = new SqliteConnection($"Data Source={app.DatabasePath};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // text of this file
            command.CommandText = change;
#pragma warning restore CA2100
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        (await client.RefreshAsync(signedIn.RefreshToken)).AssertRefused("invalid_grant");

        Assert.Equal("False", (await client.IntrospectAsync(signedIn.AccessToken))["active"]);
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("passwd")]
    public async Task A_lock_or_a_new_password_by_an_operator_ends_all_sign_ins_at_once(string verb)
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var alice = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var bob = (await client.SignInAsync("bob", "correct-horse-birch")).AssertOk();

        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("staple-battery-plum\n", ["user", verb, "alice"])).AssertOk();

        // Even before a refresh, introspection of her access token says inactive.
        Assert.Equal("False", (await client.IntrospectAsync(alice.AccessToken))["active"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(alice.AccessToken)).Status);
        (await client.RefreshAsync(alice.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(bob.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Failed_sign_ins_of_others_do_not_end_a_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var signedIn = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        for (var attempt = 0; attempt < 11; attempt++)
        {
            await client.SignInAsync("alice", "a wrong password");
        }

        (await client.RefreshAsync(signedIn.RefreshToken)).AssertOk();
    }
}

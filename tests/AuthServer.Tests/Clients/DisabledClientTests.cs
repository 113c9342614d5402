using System.Net;
using AuthServer.Clients;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Clients;

public sealed class DisabledClientTests
{
    [Fact]
    public async Task Within_the_documented_time_a_disabled_client_gets_no_tokens_and_its_tokens_are_inactive()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var tokens = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await cli.RunAsync("client", "disable", Seed.Orders)).AssertOk();
        app.Clock.Advance(ClientCache.Lifetime);

        (await client.SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await client.RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await client.IntrospectAsync(tokens.AccessToken)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        (await client.RevokeAsync(tokens.RefreshToken)).AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(tokens.AccessToken)).Status);
        (await app.Client("terminal").SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await cli.RunAsync("client", "enable", Seed.Orders)).AssertOk();
        app.Clock.Advance(ClientCache.Lifetime);

        Assert.Equal("True", (await client.IntrospectAsync(tokens.AccessToken))["active"]);
        (await client.RefreshAsync(tokens.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task A_disabled_client_is_marked_in_the_list_and_stays_so_when_its_platform_file_is_applied()
    {
        using var cli = await Cli.MigratedAsync();
        var platform = cli.Write("p.yaml", "apps: [{ id: shop, type: public, grants: [password] }]");
        (await cli.RunAsync("apply", platform)).AssertOk();

        (await cli.RunAsync("client", "disable", "shop")).AssertOk();
        cli.Write("p.yaml", "apps: [{ id: shop, type: public, name: Shop, grants: [password] }]");
        Assert.Contains("1 changed", (await cli.RunAsync("apply", platform)).AssertOk().Output, StringComparison.Ordinal);

        Assert.Matches(@"^shop .* \d{4}-\d\d-\d\d", (await cli.RunAsync("client", "list")).AssertOk().Output.Split('\n')[1]);
        (await cli.RunAsync("client", "enable", "shop")).AssertOk();
        Assert.Contains(
            "\"disabledAt\":null", (await cli.RunAsync("client", "list", "--json")).AssertOk().Output, StringComparison.Ordinal);
        (await cli.RunAsync("client", "disable", "nothing")).AssertFailed("There is no client 'nothing'.");
    }
}

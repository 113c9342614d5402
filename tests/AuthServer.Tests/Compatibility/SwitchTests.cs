using System.Net;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Compatibility;

public sealed class SwitchTests
{
    [Fact]
    public async Task It_is_off_unless_asked_for()
    {
        await using var off = await AuthServerApp.StartAsync();
        await using var empty = await AuthServerApp.StartAsync(("Compatibility:DjangoRestFrameworkJwt", ""));
        foreach (var app in new[] { off, empty })
        {
            var django = new DjangoClient(app);
            Assert.Equal(HttpStatusCode.NotFound, (await django.SignInAsync()).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await django.RefreshAsync("x")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await django.VerifyAsync("x")).Status);
        }
    }

    [Fact]
    public async Task Discovery_is_the_same_with_it()
    {
        await using var off = await AuthServerApp.StartAsync();
        await using var on = await AuthServerApp.StartAsync(DjangoClient.On);

        Assert.Equal(
            await off.Http.GetStringAsync("/.well-known/openid-configuration"), await on.Http.GetStringAsync("/.well-known/openid-configuration"));
    }

    [Theory]
    [InlineData("nobodys-app", "there is no such app")]
    [InlineData(Seed.Orders, "it is confidential and must be public")]
    public async Task An_app_that_cannot_be_acted_for_is_told_by_the_log_and_not_by_the_answer(string clientId, string problem)
    {
        await using var app = await AuthServerApp.StartAsync(("Compatibility:DjangoRestFrameworkJwt", clientId));
        var django = new DjangoClient(app);
        Assert.Contains(app.Log, line => line.Contains(problem, StringComparison.Ordinal) && line.Contains("Compatibility:DjangoRestFrameworkJwt", StringComparison.Ordinal));

        foreach (var answer in new[] { await django.SignInAsync(), await django.RefreshAsync("x"), await django.VerifyAsync("x") })
        {
            answer.AssertDetail(HttpStatusCode.ServiceUnavailable, "This endpoint is not set up.");
        }
    }

    [Fact]
    public async Task A_disabled_app_is_acted_for_no_more()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var django = new DjangoClient(app);
        await django.TokenAsync();

        (await cli.RunAsync("client", "disable", DjangoClient.ClientId)).AssertOk();
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        (await django.SignInAsync()).AssertDetail(HttpStatusCode.ServiceUnavailable, "This endpoint is not set up.");
    }

    [Fact]
    public async Task An_app_that_loses_the_grant_password_is_acted_for_no_more()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        await django.TokenAsync();
        await app.SqlAsync("""UPDATE Clients SET Permissions = '["ept:token","gt:refresh_token"]' WHERE ClientId = 'terminal'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        (await django.SignInAsync()).AssertDetail(HttpStatusCode.ServiceUnavailable, "This endpoint is not set up.");
    }

    [Fact]
    public async Task What_is_no_id_is_told_at_start_by_its_key()
    {
        using var cli = await Cli.MigratedAsync();

        var outcome = await cli.RunAsync("--Compatibility:DjangoRestFrameworkJwt=zwölf", "--Connect:RefreshTokenLeeway=1.00:00:00");

        outcome.AssertFailed("Compatibility:DjangoRestFrameworkJwt is 'zwölf'; it must be the id of an app");
        outcome.AssertFailed("Connect:RefreshTokenLeeway");
    }
}

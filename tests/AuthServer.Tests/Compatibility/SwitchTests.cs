using System.Net;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Compatibility;

public sealed class SwitchTests
{
    [Fact]
    public async Task The_endpoints_are_off_by_default()
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
    public async Task The_endpoints_do_not_change_the_discovery_document()
    {
        await using var off = await AuthServerApp.StartAsync();
        await using var on = await AuthServerApp.StartAsync(DjangoClient.On);

        Assert.Equal(
            await off.Http.GetStringAsync("/.well-known/openid-configuration"),
            await on.Http.GetStringAsync("/.well-known/openid-configuration"));
    }

    [Theory]
    [InlineData("nobodys-app", "there is no such app")]
    [InlineData(Seed.Orders, "it is confidential and must be public")]
    public async Task The_reason_why_the_app_cannot_be_used_is_in_the_log_and_not_in_the_answer(string clientId, string problem)
    {
        await using var app = await AuthServerApp.StartAsync(("Compatibility:DjangoRestFrameworkJwt", clientId));
        var django = new DjangoClient(app);
        Assert.Contains(app.Log, line => line.Contains(problem, StringComparison.Ordinal)
            && line.Contains("Compatibility:DjangoRestFrameworkJwt", StringComparison.Ordinal));

        foreach (var answer in new[] { await django.SignInAsync(), await django.RefreshAsync("x"), await django.VerifyAsync("x") })
        {
            answer.AssertDetail(HttpStatusCode.ServiceUnavailable, "This endpoint is not set up.");
        }
    }

    [Fact]
    public async Task The_endpoints_no_longer_act_for_a_disabled_app()
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
    public async Task The_endpoints_no_longer_act_for_an_app_that_loses_the_password_grant()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        await django.TokenAsync();
        await app.SqlAsync("""UPDATE Clients SET Permissions = '["ept:token","gt:refresh_token"]' WHERE ClientId = 'terminal'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        (await django.SignInAsync()).AssertDetail(HttpStatusCode.ServiceUnavailable, "This endpoint is not set up.");
    }

    [Fact]
    public async Task An_invalid_id_is_reported_at_start_with_its_key()
    {
        using var cli = await Cli.MigratedAsync();

        var outcome = await cli.RunAsync("--Compatibility:DjangoRestFrameworkJwt=zwölf", "--Connect:RefreshTokenLeeway=1.00:00:00");

        outcome.AssertFailed("Compatibility:DjangoRestFrameworkJwt is 'zwölf'; it must be the id of an app");
        outcome.AssertFailed("Connect:RefreshTokenLeeway");
    }
}

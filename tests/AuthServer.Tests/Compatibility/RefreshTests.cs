using System.Net;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Compatibility;

public sealed class RefreshTests
{
    [Fact]
    public async Task A_valid_token_can_be_exchanged_for_a_later_one_of_the_same_sign_in_repeatedly()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.Weeks);
        var django = new DjangoClient(app);
        var first = await django.TokenAsync();
        app.Clock.Advance(TimeSpan.FromDays(1));

        var json = (await django.RefreshAsync(first)).AssertOk();
        var form = (await django.PostAsync("/api-token-refresh", DjangoClient.Form, $"token={first}")).AssertOk();

        var signIn = Jwt.Read(first);
        foreach (var answer in new[] { json, form })
        {
            Assert.Equal(["token"], answer.Json.EnumerateObject().Select(member => member.Name));
            var token = Jwt.Read(answer["token"]!);
            Assert.Equal(signIn.Instant("exp").AddDays(1), token.Instant("exp"));
            foreach (var claim in new[] { "iss", "sub", "sid", "auth_time", "amr", "client_id", "scope", "name", "email" })
            {
                Assert.Equal(signIn.Values(claim), token.Values(claim));
            }

            Assert.Equal(signIn.Values("aud"), token.Values("aud"));
            Assert.NotEqual(signIn.Value("jti"), token.Value("jti"));
        }

        (await django.VerifyAsync(first)).AssertOk();
    }

    [Fact]
    public async Task A_token_is_valid_for_7_days_and_refreshable_for_30_days_after_the_sign_in_whatever_happens_meanwhile()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.Weeks);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        var signedInAt = Jwt.Read(token).Instant("auth_time");
        Assert.Equal(TimeSpan.FromDays(7), Jwt.Read(token).Instant("exp") - signedInAt);
        for (var day = 6; day <= 24; day += 6)
        {
            app.Clock.Advance(TimeSpan.FromDays(6));
            token = (await django.RefreshAsync(token)).AssertOk()["token"]!;
        }

        app.Clock.Advance(TimeSpan.FromDays(5));
        token = (await django.RefreshAsync(token)).AssertOk()["token"]!;
        Assert.InRange(Jwt.Read(token).Instant("exp") - signedInAt, TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));

        app.Clock.Advance(TimeSpan.FromDays(1));
        (await django.RefreshAsync(token)).AssertNonField("Refresh has expired.");
        (await django.VerifyAsync(token)).AssertNonField("Signature has expired.");
    }

    [Fact]
    public async Task An_expired_token_is_not_refreshed()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.Weeks);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        app.Clock.Advance(TimeSpan.FromDays(7));

        (await django.RefreshAsync(token)).AssertNonField("Signature has expired.");
        (await django.VerifyAsync(token)).AssertNonField("Signature has expired.");
    }

    [Fact]
    public async Task A_refresh_limit_shorter_than_a_token_ends_refreshing_and_the_token_stays_valid()
    {
        await using var app = await AuthServerApp.StartAsync(
            DjangoClient.On, ("Connect:AccessTokenLifetime", "7.00:00:00"), ("Connect:RefreshTokenLifetime", "1.00:00:00"));
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        app.Clock.Advance(TimeSpan.FromDays(2));

        (await django.RefreshAsync(token)).AssertNonField("Refresh has expired.");
        (await django.VerifyAsync(token)).AssertOk();
    }

    [Fact]
    public async Task The_session_is_kept_until_the_limit_and_records_its_refreshes()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.Weeks);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        app.Clock.Advance(TimeSpan.FromDays(5));
        (await django.RefreshAsync(token)).AssertOk();

        Assert.Equal(1, await app.CountAsync(
            $"SELECT COUNT(*) FROM Sessions WHERE ExpiresAt - CreatedAt = {TimeSpan.FromDays(30).Ticks} AND LastSeenAt - CreatedAt = "
            + $"{TimeSpan.FromDays(5).Ticks}"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM SessionEvents WHERE Kind = 'Issued'"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM SessionEvents WHERE Kind = 'Refreshed'"));
    }

    [Fact]
    public async Task A_token_of_the_token_endpoint_is_valid_here_but_is_refreshed_only_there()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var issuer = app.Client(DjangoClient.ClientId);
        var withRefreshToken = (await issuer.SignInAsync("alice", "correct-horse-apple")).AssertOk().AccessToken;
        var without = (await issuer.SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertOk().AccessToken;

        foreach (var token in new[] { withRefreshToken, without })
        {
            (await django.VerifyAsync(token)).AssertOk();
            (await django.RefreshAsync(token)).AssertNonField("orig_iat field is required.");
        }
    }

    [Fact]
    public async Task An_app_without_the_grant_refresh_token_has_tokens_that_are_not_refreshed()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        await app.SqlAsync(
            """UPDATE Clients SET Permissions = '["ept:token","gt:password","scp:notes.read"]' WHERE ClientId = 'terminal'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        var token = await django.TokenAsync();

        Assert.Equal("notes.read", Jwt.Read(token).Value("scope"));
        (await django.VerifyAsync(token)).AssertOk();
        (await django.RefreshAsync(token)).AssertNonField("orig_iat field is required.");
    }

    [Fact]
    public async Task A_scope_taken_from_the_app_is_missing_after_the_next_refresh()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        await app.SqlAsync(
            """UPDATE Clients SET Permissions = '["ept:token","gt:password","gt:refresh_token","scp:notes.read"]' WHERE ClientId = 'terminal'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        var refreshed = Jwt.Read((await django.RefreshAsync(token)).AssertOk()["token"]!);

        Assert.Equal(("notes.read", Seed.Api), (refreshed.Value("scope"), refreshed.Value("aud")));
    }

    [Theory]
    [InlineData("UPDATE Users SET DisabledAt = 1 WHERE UserName = 'alice'", "User account is disabled.")]
    [InlineData("UPDATE Users SET SecurityStamp = 'changed' WHERE UserName = 'alice'", "Signature has expired.")]
    [InlineData("DELETE FROM Users WHERE UserName = 'alice'", "Signature has expired.")]
    [InlineData("UPDATE Sessions SET EndedAt = 1", "Signature has expired.")]
    public async Task A_locked_changed_or_deleted_account_or_an_ended_session_ends_its_tokens(string change, string message)
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        await app.SqlAsync(change);

        (await django.VerifyAsync(token)).AssertNonField(message);
        (await django.RefreshAsync(token)).AssertNonField(message);
    }

    [Fact]
    public async Task A_locked_account_cannot_sign_in_and_its_tokens_are_invalid()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("user", "lock", "alice")).AssertOk();

        (await django.SignInAsync()).AssertNonField("Unable to log in with provided credentials.");
        (await django.VerifyAsync(token)).AssertNonField("User account is disabled.");
        (await django.RefreshAsync(token)).AssertNonField("User account is disabled.");
        (await django.VerifyAsync(await django.TokenAsync("bob", "correct-horse-birch"))).AssertOk();
    }

    [Fact]
    public async Task Two_concurrent_refreshes_both_succeed()
    {
        await using var app = await AuthServerApp.StartAsync(DjangoClient.On);
        var django = new DjangoClient(app);
        var token = await django.TokenAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => django.RefreshAsync(token)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }
}

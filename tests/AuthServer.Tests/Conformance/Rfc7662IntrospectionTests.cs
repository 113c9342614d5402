using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7662, OAuth 2.0 Token Introspection.</summary>
public sealed class Rfc7662IntrospectionTests
{
    [Fact]
    public async Task Section_2_2_A_good_access_token_is_active_and_described()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var told = (await client.IntrospectAsync(answer.AccessToken)).AssertOk();

        var token = Jwt.Read(answer.AccessToken);
        Assert.Equal("True", told["active"]);
        Assert.Equal(token.Value("sub"), told["sub"]);
        Assert.Equal(token.Value("jti"), told["jti"]);
        Assert.Equal(token.Value("scope").Split(' ').Order(), told["scope"]!.Split(' ').Order());
        Assert.Equal(Seed.Orders, told["client_id"]);
        Assert.Equal("alice", told["username"]);
        Assert.Equal("Bearer", told["token_type"]);
        Assert.Equal(token.Value("exp"), told["exp"]);
        Assert.Equal(Seed.Api, told["aud"]);
    }

    [Fact]
    public async Task Section_2_2_A_refresh_token_is_active_until_it_was_used()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:RefreshTokenLeeway", "00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        Assert.Equal("True", (await client.IntrospectAsync(first.RefreshToken))["active"]);
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        Assert.Equal("""{"active":false}""", Compact(await client.IntrospectAsync(first.RefreshToken)));

        // Asking is no use of the token: the family lives.
        (await client.RefreshAsync(second.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Section_2_2_An_inactive_token_is_told_nothing_else_about()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal("""{"active":false}""", Compact(await client.IntrospectAsync(answer.AccessToken)));
        Assert.Equal("""{"active":false}""", Compact(await client.IntrospectAsync("made-up")));
    }

    [Fact]
    public async Task Section_4_A_client_learns_nothing_about_the_token_of_another()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var told = await app.Client("reports", "reports-demo-secret").IntrospectAsync(answer.AccessToken);

        Assert.Equal("""{"active":false}""", Compact(told));
    }

    [Fact]
    public async Task Section_2_1_The_caller_must_authenticate()
    {
        await using var app = await AuthServerApp.StartAsync();

        Assert.Equal("invalid_client", (await app.Client(Seed.Orders).IntrospectAsync("made-up")).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client(Seed.Orders, "wrong").IntrospectAsync("made-up")).Status);
        Assert.Equal("invalid_request", (await app.Client(Seed.Orders, Seed.OrdersSecret).PostAsync("/connect/introspect")).Error);
    }

    private static string Compact(Answer answer) => string.Concat(answer.AssertOk().Body.Where(character => !char.IsWhiteSpace(character)));

    [Fact]
    public async Task Section_2_1_A_public_client_may_not_ask()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client("terminal");
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var told = await client.IntrospectAsync(answer.AccessToken);

        Assert.InRange((int)told.Status, 400, 499);
        Assert.Equal("unauthorized_client", told.Error);
    }

    [Fact]
    public async Task Section_2_2_The_username_is_what_one_signs_in_with_whatever_the_person_is_called()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.SqlAsync("""UPDATE "Users" SET "DisplayName" = 'Ada Lovelace' WHERE "UserName" = 'alice'""");
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        Assert.Equal("alice", (await client.IntrospectAsync(answer.AccessToken))["username"]);
    }
}

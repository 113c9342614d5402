using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 7662, OAuth 2.0 Token Introspection.</summary>
public sealed class Rfc7662IntrospectionTests
{
    [Fact]
    public async Task Section_2_2_A_valid_access_token_is_active_and_described()
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
        Assert.Equal(token.Values("aud").Order(), told.Json.GetProperty("aud").EnumerateArray().Select(one => one.GetString()).Order());
    }

    [Fact]
    public async Task Section_2_2_A_refresh_token_is_active_until_it_is_used()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:RefreshTokenLeeway", "00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        Assert.Equal("True", (await client.IntrospectAsync(first.RefreshToken))["active"]);
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        Assert.Equal("""{"active":false}""", Compact(await client.IntrospectAsync(first.RefreshToken)));

        // Introspection does not count as a use of the token: the refresh token still works.
        (await client.RefreshAsync(second.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Section_2_2_A_claim_that_may_have_several_values_is_an_array_as_in_the_token()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("ada", "correct-horse-cedar", "roles reports.read")).AssertOk();

        var told = (await app.Client(Seed.OtherApi, "reports-api-demo-secret").IntrospectAsync(answer.AccessToken)).AssertOk();

        Assert.Equal("pwd", Assert.Single(told.Json.GetProperty("amr").EnumerateArray()).GetString());
        Assert.Equal("admin", Assert.Single(told.Json.GetProperty("role").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Section_4_An_API_learns_nothing_about_a_token_of_another_API()
    {
        await using var app = await AuthServerApp.StartAsync();
        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple", "openid notes.read"))
            .AssertOk();

        Assert.Equal(
            """{"active":false}""",
            Compact(await app.Client(Seed.OtherApi, "reports-api-demo-secret").IntrospectAsync(answer.AccessToken)));
    }

    [Fact]
    public async Task Section_2_2_ID_tokens_and_codes_are_inactive_and_not_an_error()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        var orders = AppLogin.Orders(app);
        var code = await orders.CodeAsync(browser);
        var device = (await app.Client("console").PostAsync("/connect/device", ("scope", "openid"))).AssertOk();

        foreach (var token in new[]
        {
            code,
            (await orders.Client.SignInAsync("alice", "correct-horse-apple")).AssertOk()["id_token"]!,
            device["device_code"]!,
            device["user_code"]!,
        })
        {
            Assert.Equal("""{"active":false}""", Compact(await orders.Client.IntrospectAsync(token)));
        }

        // Introspection does not count as a use of the code.
        (await orders.RedeemAsync(code)).AssertOk();
    }

    [Fact]
    public async Task Section_2_2_The_answer_for_an_inactive_token_contains_nothing_else()
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
    public async Task Section_2_1_A_public_client_may_not_introspect()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client("terminal");
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var told = await client.IntrospectAsync(answer.AccessToken);
        var dead = await client.IntrospectAsync("made-up");

        // Both answers are the same; otherwise they would distinguish the tokens (section 4).
        told.AssertRefused("unauthorized_client");
        Assert.Equal(told.Body, dead.Body);
    }

    [Fact]
    public async Task Section_2_2_The_username_is_the_sign_in_name_and_not_the_display_name()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.SqlAsync("""UPDATE "Users" SET "DisplayName" = 'Ada Lovelace' WHERE "UserName" = 'alice'""");
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        Assert.Equal("alice", (await client.IntrospectAsync(answer.AccessToken))["username"]);
    }
}

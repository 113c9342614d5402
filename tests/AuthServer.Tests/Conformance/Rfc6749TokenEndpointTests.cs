using System.Net;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 6749, The OAuth 2.0 Authorization Framework: 4.3 password, 4.4 client credentials, 6 refresh.</summary>
public sealed class Rfc6749TokenEndpointTests
{
    [Fact]
    public async Task Section_4_3_The_password_grant_gives_a_bearer_token_that_must_not_be_stored()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        Assert.Equal("Bearer", answer["token_type"]);
        Assert.InRange(answer.Json.GetProperty("expires_in").GetInt32(), 3595, 3600);
        Assert.NotEmpty(answer.AccessToken);
        Assert.NotEmpty(answer.RefreshToken);
        Assert.NotEmpty(answer["id_token"]!);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("no-cache", answer.Headers.Pragma.ToString());
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData("alice@example.test")]
    public async Task A_user_signs_in_by_user_name_or_e_mail_address(string name)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(name, "correct-horse-apple")).AssertOk();
    }

    [Fact]
    public async Task Section_5_2_Unknown_user_wrong_password_locked_and_disabled_account_get_the_same_answer()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        var unknown = (await client.SignInAsync("nobody", "correct-horse-apple")).AssertRefused("invalid_grant");
        var wrong = (await client.SignInAsync("alice", "wrong-password-here")).AssertRefused("invalid_grant");
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await client.SignInAsync("bob", "wrong-password-here");
        }

        var locked = (await client.SignInAsync("bob", "correct-horse-birch")).AssertRefused("invalid_grant");

        Assert.Equal(unknown.Body, wrong.Body);
        Assert.Equal(unknown.Body, locked.Body);
    }

    [Fact]
    public async Task A_locked_account_opens_again_after_five_minutes()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            (await client.SignInAsync("alice", "wrong-password-here")).AssertRefused("invalid_grant");
        }

        (await client.SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_grant");
        app.Clock.Advance(TimeSpan.FromMinutes(5.1));

        (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
    }

    [Fact]
    public async Task Section_5_2_A_wrong_client_secret_is_invalid_client_401_with_a_challenge()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = await app.Client(Seed.Orders, "not-the-secret").SignInAsync("alice", "correct-horse-apple");

        answer.AssertRefused("invalid_client", HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic realm=\"AuthServer\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unsupported_grant_type", "grant_type=urn:example:unknown")]
    [InlineData("invalid_request", "")]
    [InlineData("invalid_request", "grant_type=")]
    [InlineData("invalid_request", "grant_type=password")]
    [InlineData("invalid_request", "grant_type=password&username=alice")]
    [InlineData("invalid_request", "grant_type=password&password=correct-horse-apple")]
    [InlineData("invalid_request", "grant_type=refresh_token")]
    [InlineData("invalid_request", "grant_type=password&username=alice&username=bob&password=correct-horse-apple")]
    [InlineData("invalid_request", "grant_type=password&grant_type=refresh_token&username=alice&password=correct-horse-apple")]
    [InlineData("invalid_scope", "grant_type=password&username=alice&password=correct-horse-apple&scope=reports.close")]
    [InlineData("invalid_grant", "grant_type=refresh_token&refresh_token=made-up")]
    public async Task Section_5_2_Each_refusal_has_its_error_code(string error, string form)
    {
        await using var app = await AuthServerApp.StartAsync();
        var fields = form.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1])).ToArray();

        (await app.Client(Seed.Orders, Seed.OrdersSecret).TokenAsync(fields)).AssertRefused(error);
    }

    [Fact]
    public async Task Section_5_2_A_client_may_use_its_own_grants_and_scopes_only()
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client("nightly-job", "nightly-job-demo-secret").SignInAsync("alice", "correct-horse-apple", "notes.read"))
            .AssertRefused("unauthorized_client");
        (await app.Client("reports", "reports-demo-secret").SignInAsync("alice", "correct-horse-apple", "notes.write"))
            .AssertRefused("invalid_scope");
    }

    [Fact]
    public async Task Section_4_4_A_client_acts_for_itself_and_gets_no_refresh_token()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = (await app.Client("nightly-job", "nightly-job-demo-secret").ActForItselfAsync("notes.read")).AssertOk();

        Assert.Equal("nightly-job", Jwt.Read(answer.AccessToken).Value("sub"));
        Assert.Null(answer["refresh_token"]);
        Assert.Null(answer["id_token"]);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("openid offline_access notes.read")]
    public async Task Section_4_4_3_A_client_that_acts_for_itself_may_not_request_scopes_for_users(string scope)
    {
        await using var app = await AuthServerApp.StartAsync();

        (await app.Client("robot", "robot-demo-secret").ActForItselfAsync(scope)).AssertRefused("invalid_scope");
    }

    [Fact]
    public async Task Section_6_A_refresh_gives_new_tokens_of_the_same_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        var (before, after) = (Jwt.Read(first.AccessToken), Jwt.Read(second.AccessToken));
        Assert.Equal(before.Value("sub"), after.Value("sub"));
        Assert.Equal(before.Instant("auth_time"), after.Instant("auth_time"));
        Assert.Equal(before.Value("scope"), after.Value("scope"));
        Assert.Equal(before.Instant("exp") + TimeSpan.FromMinutes(10), after.Instant("exp"));
    }

    [Fact]
    public async Task Section_6_A_refresh_may_narrow_its_access_token_and_keeps_what_was_granted()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var narrow = (await client.RefreshAsync(first.RefreshToken, ("scope", "notes.read"))).AssertOk();
        var again = (await client.RefreshAsync(narrow.RefreshToken)).AssertOk();

        var token = Jwt.Read(narrow.AccessToken);
        Assert.Equal("notes.read", token.Value("scope"));
        Assert.Empty(token.Values("email"));
        Assert.Equal(Jwt.Read(first.AccessToken).Value("scope"), Jwt.Read(again.AccessToken).Value("scope"));
    }

    [Fact]
    public async Task Section_6_A_refresh_must_not_widen_the_scope()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple", "offline_access notes.read")).AssertOk();

        (await client.RefreshAsync(first.RefreshToken, ("scope", "notes.read notes.write"))).AssertRefused("invalid_scope");
    }

    [Fact]
    public async Task Section_6_A_refresh_token_works_for_its_own_client_only()
    {
        await using var app = await AuthServerApp.StartAsync();
        var first = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertOk();

        (await app.Client("reports", "reports-demo-secret").RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        (await app.Client("terminal").RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token_and_without_openid_no_id_token()
    {
        await using var app = await AuthServerApp.StartAsync();

        var answer = (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple", "notes.read"))
            .AssertOk();

        Assert.Null(answer["refresh_token"]);
        Assert.Null(answer["id_token"]);
    }

    [Fact]
    public async Task A_scope_taken_from_the_client_is_missing_after_the_next_refresh()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple", "openid offline_access notes.read notes.write")).AssertOk();
        await app.SqlAsync(
            """UPDATE "Clients" SET "Permissions" = replace("Permissions", ',"scp:notes.write"', '') WHERE "ClientId" = 'orders'""");
        app.Clock.Advance(TimeSpan.FromSeconds(10)); // how long a node caches a client

        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        Assert.DoesNotContain("notes.write", Jwt.Read(second.AccessToken).Value("scope"), StringComparison.Ordinal);
        Assert.Contains("notes.read", Jwt.Read(second.AccessToken).Value("scope"), StringComparison.Ordinal);
        Assert.NotNull(second["id_token"]);
    }

    [Fact]
    public async Task Section_2_3_Credentials_of_one_client_with_the_id_of_another_are_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        (await client.SignInAsync("alice", "correct-horse-apple", "openid", ("client_id", "reports"))).AssertRefused("invalid_request");
        (await client.PostAsync("/connect/introspect", ("token", "made-up"), ("client_id", "reports"))).AssertRefused("invalid_request");
        (await client.SignInAsync("alice", "correct-horse-apple", "openid", ("client_id", Seed.Orders))).AssertOk();
    }

    [Fact]
    public async Task A_client_that_may_not_refresh_gets_no_offline_access()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client("once", "once-demo-secret");

        (await client.SignInAsync("alice", "correct-horse-apple", "openid notes.read")).AssertOk();
        (await client.SignInAsync("alice", "correct-horse-apple", "openid offline_access")).AssertRefused("invalid_scope");
    }
}

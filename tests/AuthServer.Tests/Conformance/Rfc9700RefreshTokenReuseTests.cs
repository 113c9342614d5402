using AuthServer.Tests.Support;

namespace AuthServer.Tests.Conformance;

/// <summary>RFC 9700 (Best Current Practice for OAuth 2.0 Security) 4.14.2: rotation and reuse of refresh tokens.</summary>
public sealed class Rfc9700RefreshTokenReuseTests
{
    [Fact]
    public async Task Reusing_a_rotated_token_after_the_leeway_revokes_the_whole_family()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromSeconds(31));

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");

        (await client.RefreshAsync(second.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await client.IntrospectAsync(second.AccessToken))["active"]);
        Assert.Equal("False", (await client.IntrospectAsync(first.AccessToken))["active"]);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await client.UserInfoAsync(second.AccessToken)).Status);
    }

    [Fact]
    public async Task Within_the_leeway_a_used_token_is_accepted_again()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromSeconds(29));

        (await client.RefreshAsync(first.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task With_the_leeway_0_a_used_token_is_refused_at_once()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:RefreshTokenLeeway", "00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(second.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task The_end_of_one_family_does_not_affect_another_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:RefreshTokenLeeway", "00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var phone = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var laptop = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        (await client.RefreshAsync(phone.RefreshToken)).AssertOk();
        (await client.RefreshAsync(phone.RefreshToken)).AssertRefused("invalid_grant");

        (await client.RefreshAsync(laptop.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task A_revoked_token_is_refused_even_within_the_leeway()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        await client.RevokeAsync(second.RefreshToken);

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Refreshing_ends_30_days_after_the_sign_in_however_often_tokens_are_refreshed()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        for (var week = 0; week < 4; week++)
        {
            app.Clock.Advance(TimeSpan.FromDays(7));
            answer = (await client.RefreshAsync(answer.RefreshToken)).AssertOk();
        }

        app.Clock.Advance(TimeSpan.FromDays(3));

        (await client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task An_idle_refresh_token_expires_early_and_a_used_one_does_not()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:RefreshTokenIdleLifetime", "2.00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var idle = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var used = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromDays(1.5));
        used = (await client.RefreshAsync(used.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromDays(1));

        (await client.RefreshAsync(idle.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(used.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task With_Djangos_lifetimes_a_token_lives_7_days_and_can_be_refreshed_for_30()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("Connect:AccessTokenLifetime", "7.00:00:00"), ("Connect:RefreshTokenLifetime", "30.00:00:00"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var answer = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var token = Jwt.Read(answer.AccessToken);
        Assert.Equal(TimeSpan.FromDays(7), token.Instant("exp") - token.Instant("iat"));
        app.Clock.Advance(TimeSpan.FromDays(29));
        answer = (await client.RefreshAsync(answer.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromDays(1.1));
        (await client.RefreshAsync(answer.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_clients_own_lifetimes_and_leeway_take_precedence_over_the_servers()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client("short-lived", "short-lived-demo-secret");
        var first = (await client.SignInAsync("alice", "correct-horse-apple", "offline_access notes.read")).AssertOk();
        var idle = (await client.SignInAsync("alice", "correct-horse-apple", "offline_access notes.read")).AssertOk();

        var token = Jwt.Read(first.AccessToken);
        Assert.Equal(TimeSpan.FromMinutes(5), token.Instant("exp") - token.Instant("iat"));
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(second.RefreshToken)).AssertRefused("invalid_grant");
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        (await client.RefreshAsync(idle.RefreshToken)).AssertRefused("invalid_grant");
    }

    // As after restoring a backup: the authorization's row is as it was after the sign-in, and its numbers are issued again.
    [Fact]
    public async Task A_token_issued_after_a_restored_backup_is_refused_and_ends_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var signedInAt = await app.CountAsync("SELECT RefreshedAt FROM Authorizations");
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        var lost = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        await app.SqlAsync($"UPDATE Authorizations SET Generation = 1, RefreshedAt = {signedInAt}, ConcurrencyToken = 'restored'");
        await app.SqlAsync("DELETE FROM SessionEvents WHERE Generation > 1");
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();

        (await client.RefreshAsync(lost.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("False", (await client.IntrospectAsync(lost.RefreshToken))["active"]);
        var third = (await client.RefreshAsync(second.RefreshToken)).AssertOk();
        (await client.RefreshAsync(lost.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(third.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task Section_4_14_2_A_spent_token_used_by_another_client_ends_nothing()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        (await app.Client("reports", "reports-demo-secret").RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        (await app.Client("terminal").RevokeAsync(first.RefreshToken)).AssertRefused("unauthorized_client");

        (await client.RefreshAsync(second.RefreshToken)).AssertOk();
    }
}

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
    public async Task Within_the_leeway_a_used_token_is_taken_again()
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
    public async Task The_end_of_one_family_leaves_another_sign_in_alone()
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
    public async Task Revocation_beats_the_leeway()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        await client.RevokeAsync(second.RefreshToken);

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Refreshing_ends_30_days_after_the_sign_in_however_often_it_is_done()
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
    public async Task An_idle_refresh_token_dies_early_and_a_used_one_does_not()
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
    public async Task The_lifetimes_of_Django_are_7_days_for_a_token_and_30_for_refreshing_it()
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
    public async Task A_client_s_own_lifetimes_and_leeway_win_over_the_server_s()
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

    // As after a restored backup: the row of the family is as it was after the sign-in, and the numbers are given out anew.
    [Fact]
    public async Task A_token_of_the_time_that_a_restored_backup_has_lost_is_refused_and_ends_nothing()
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
    public async Task Section_4_14_2_A_spent_token_in_the_hands_of_another_client_ends_nothing()
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

using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Sessions;

/// <summary>
/// Tokens name their session (OpenID Connect Back-Channel Logout 2.1: <c>sid</c>), and the session records why it ended.
/// </summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Every_token_names_the_session_of_its_sign_in_and_each_sign_in_has_its_own()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        var other = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var sids = new[] { first, second }.SelectMany(answer => new[] { answer.AccessToken, answer["id_token"]! }).Select(Sid).ToList();
        Assert.Equal(4, sids.Count);
        Assert.True(Guid.TryParse(Assert.Single(sids.Distinct()), out _));
        Assert.NotEqual(sids[0], Sid(other.AccessToken));
        Assert.Empty(Jwt.Read((await app.Client("nightly-job", "nightly-job-demo-secret").ActForItselfAsync("notes.read"))
            .AssertOk().AccessToken).Values("sid"));
    }

    [Fact]
    public async Task Twelve_concurrent_refreshes_get_the_same_refresh_token()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.RefreshAsync(first.RefreshToken)));

        var successor = Assert.Single(answers.Select(answer => answer.AssertOk().RefreshToken).Distinct());
        Assert.Equal(12, answers.Select(answer => answer.AccessToken).Distinct().Count());
        (await client.RefreshAsync(successor)).AssertOk();
    }

    [Theory]
    [InlineData("revoked", "revoked_by_client")]
    [InlineData("reused", "refresh_token_reused")]
    [InlineData("UPDATE Users SET DisabledAt = 1", "user_locked")]
    [InlineData("UPDATE Users SET SecurityStamp = 'changed'", "credentials_changed")]
    public async Task The_reason_for_its_end_is_stored_with_a_session(string cause, string reason)
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        switch (cause)
        {
            case "revoked":
                (await client.RevokeAsync(first.RefreshToken)).AssertOk();
                break;
            case "reused":
                (await client.RefreshAsync(first.RefreshToken)).AssertOk();
                app.Clock.Advance(TimeSpan.FromMinutes(1));
                break;
            default:
                await app.SqlAsync(cause);
                break;
        }

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");

        Assert.Equal(
            reason, await ReadAsync(app, $"SELECT EndReason FROM Sessions WHERE Id = '{Sid(first.AccessToken).ToUpperInvariant()}'"));
        Assert.Equal("1", await ReadAsync(app, $"SELECT COUNT(*) FROM SessionEvents WHERE Kind = 'Revoked' AND Reason = '{reason}'"));
        Assert.Equal("False", (await client.IntrospectAsync(first.AccessToken))["active"]);
    }

    [Fact]
    public async Task A_refresh_after_the_expiry_is_recorded_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        app.Clock.Advance(TimeSpan.FromDays(30));

        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");
        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");

        Assert.Equal(
            "1",
            await ReadAsync(app, "SELECT COUNT(*) FROM SessionEvents WHERE Kind = 'Expired' AND Generation = 1 AND Address IS NOT NULL"));
    }

    [Fact]
    public async Task A_refresh_token_with_a_malicious_header_is_refused_like_any_other()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);

        // {"kid":"\ud800"}
        (await client.RefreshAsync("eyJraWQiOiJcdWQ4MDAifQ..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA")).AssertRefused("invalid_grant");
    }

    private static string Sid(string token) => Jwt.Read(token).Value("sid");

    private static async Task<string?> ReadAsync(AuthServerApp app, string query)
    {
        await using var connection = new SqliteConnection($"Data Source={app.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return $"{await command.ExecuteScalarAsync()}";
    }
}

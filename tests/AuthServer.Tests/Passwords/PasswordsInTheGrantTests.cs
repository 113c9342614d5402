using System.Diagnostics;
using System.Net;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AuthServer.Tests.Passwords;

public sealed class PasswordsInTheGrantTests
{
    private const string DjangoHash = "pbkdf2_sha256$36000$seasalt$TaQQRcnh4hU8iSZcpaozs5T7dqSAWseC8xFZxa+uQJ4=";

    [Fact]
    public async Task A_password_hash_from_Django_is_replaced_at_the_next_sign_in_which_ends_no_other_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var before = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        await SqlAsync(app, $"UPDATE Users SET PasswordHash = '{DjangoHash}' WHERE UserName = 'alice'");

        (await client.SignInAsync("alice", "correct horse battery staple")).AssertOk();

        Assert.StartsWith(
            "$argon2id$", await SqlAsync(app, "SELECT PasswordHash FROM Users WHERE UserName = 'alice'"), StringComparison.Ordinal);
        (await client.SignInAsync("alice", "correct horse battery staple")).AssertOk();
        (await client.RefreshAsync(before.RefreshToken)).AssertOk();
    }

    [Fact]
    public async Task A_refused_sign_in_does_not_rehash_and_so_does_not_reveal_that_the_password_was_right()
    {
        await using var app = await AuthServerApp.StartAsync();
        await SqlAsync(app, $"UPDATE Users SET PasswordHash = '{DjangoHash}', DisabledAt = 1 WHERE UserName = 'alice'");

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct horse battery staple"))
            .AssertRefused("invalid_grant");

        Assert.Equal(DjangoHash, await SqlAsync(app, "SELECT PasswordHash FROM Users WHERE UserName = 'alice'"));
    }

    [Fact]
    public async Task A_user_without_a_password_cannot_sign_in()
    {
        await using var app = await AuthServerApp.StartAsync();
        await SqlAsync(app, "UPDATE Users SET PasswordHash = NULL WHERE UserName = 'alice'");

        (await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple")).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task Beyond_the_limit_of_hashes_a_sign_in_is_told_to_retry_and_a_refresh_still_works()
    {
        await using var app = await AuthServerApp.StartAsync(
            ("Passwords:MaxConcurrentHashes", "1"), ("Passwords:MaxWait", "00:00:00"), ("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var signedIn = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();

        var flood = Enumerable.Range(0, 24).Select(_ => client.SignInAsync("bob", "correct-horse-birch")).ToList();
        (await client.RefreshAsync(signedIn.RefreshToken)).AssertOk();
        var answers = await Task.WhenAll(flood);

        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.OK);
        var turnedAway = answers.Where(answer => answer.Status is not HttpStatusCode.OK).ToList();
        Assert.NotEmpty(turnedAway);
        Assert.All(turnedAway, answer =>
        {
            answer.AssertRefused("temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
            Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public async Task Unknown_user_wrong_password_and_locked_account_take_the_same_time()
    {
        await using var app = await AuthServerApp.StartAsync(("Throttling:Enabled", "false"));
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        await SqlAsync(app, "UPDATE Users SET LockoutEnabled = 0 WHERE UserName = 'alice'");
        await SqlAsync(app, "UPDATE Users SET DisabledAt = 1 WHERE UserName = 'bob'");

        var times = new Dictionary<string, List<double>>();
        for (var round = 0; round < 20; round++)
        {
            foreach (var (name, password) in new[]
            {
                ("nobody", "correct-horse-apple"),
                ("alice", "a wrong password"),
                ("bob", "correct-horse-birch"),
            })
            {
                var watch = Stopwatch.StartNew();
                (await client.SignInAsync(name, password)).AssertRefused("invalid_grant");
                (times.TryGetValue(name, out var list) ? list : times[name] = []).Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        // The fastest of many times is not affected by noise. Without the hash, it would be a tenth.
        var fastest = times.Values.Select(list => list.Min()).ToList();
        Assert.True(fastest.Min() > fastest.Max() * 0.4, string.Join(", ", times.Select(pair => $"{pair.Key}: {pair.Value.Min():0.0} ms")));
    }

    private static async Task<string?> SqlAsync(AuthServerApp app, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={app.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // text of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}

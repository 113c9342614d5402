using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Keys;

/// <summary>Keys rotate and are revoked while a server runs; what apps and APIs see of this.</summary>
public sealed class RotationTests
{
    private static readonly TimeSpan ToAnnouncement = TimeSpan.FromDays(89);
    private static readonly TimeSpan Announcement = TimeSpan.FromDays(1);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_JWKS_has_the_next_key_before_it_signs_and_still_has_the_previous_key_afterwards()
    {
        await using var app = await AuthServerApp.StartAsync();
        var before = Kid(await SignInAsync(app));
        Assert.Equal(2, (await JwksAsync(app)).Length);

        app.Clock.Advance(ToAnnouncement);
        await EventuallyAsync(app, async () => (await JwksAsync(app)).Length is 4);
        Assert.Equal(before, Kid(await SignInAsync(app)));

        app.Clock.Advance(Announcement);
        var after = Kid(await SignInAsync(app));
        Assert.NotEqual(before, after);
        Assert.Contains(before, await JwksAsync(app));
        Assert.Contains(after, await JwksAsync(app));
    }

    [Fact]
    public async Task Tokens_and_refresh_tokens_of_previous_keys_stay_valid()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:AccessTokenLifetime", "7.00:00:00"));
        app.Clock.Advance(ToAnnouncement);
        await EventuallyAsync(app, async () => (await JwksAsync(app)).Length is 4);
        var before = await SignInAsync(app);
        app.Clock.Advance(Announcement);
        var after = await SignInAsync(app);
        Assert.NotEqual(Kid(before), Kid(after));
        Assert.NotEqual(EncryptionKid(before), EncryptionKid(after));

        foreach (var tokens in new[] { before, after })
        {
            Assert.True((await Orders(app).IntrospectAsync(tokens.AccessToken!)).Json.GetProperty("active").GetBoolean());
            (await Orders(app).UserInfoAsync(tokens.AccessToken)).AssertOk();
        }

        var refreshed = (await Orders(app).RefreshAsync(before.RefreshToken!)).AssertOk();
        Assert.Equal(EncryptionKid(after), EncryptionKid(refreshed));
    }

    [Fact]
    public async Task Caches_may_keep_the_JWKS_for_the_configured_time()
    {
        await using var app = await AuthServerApp.StartAsync(("Keys:JwksCacheTime", "00:02:00"));

        using var response = await app.Http.GetAsync("/.well-known/jwks");

        Assert.Equal("public, max-age=120", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_revoked_signing_key_leaves_the_JWKS_and_its_tokens_are_refused()
    {
        await using var app = await AuthServerApp.StartAsync();
        var tokens = await SignInAsync(app);

        await RevokeAsync(app, Kid(tokens));
        await EventuallyAsync(app, async () => (await JwksAsync(app)).All(kid => kid != Kid(tokens)));

        Assert.False((await Orders(app).IntrospectAsync(tokens.AccessToken!)).Json.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Orders(app).UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Contains(Kid(await SignInAsync(app)), await JwksAsync(app));
    }

    [Fact]
    public async Task A_refresh_token_of_a_revoked_key_is_an_invalid_grant()
    {
        await using var app = await AuthServerApp.StartAsync();
        var tokens = await SignInAsync(app);

        await RevokeAsync(app, EncryptionKid(tokens));
        await EventuallyAsync(app, async () => EncryptionKid(await SignInAsync(app)) != EncryptionKid(tokens));

        (await Orders(app).RefreshAsync(tokens.RefreshToken!)).AssertRefused("invalid_grant");
        var anew = await SignInAsync(app);
        (await Orders(app).RefreshAsync(anew.RefreshToken!)).AssertOk();
    }

    [Fact]
    public async Task A_token_with_a_key_unknown_to_this_node_makes_it_read_the_keys()
    {
        await using var here = await AuthServerApp.StartAsync();
        await using var there = AuthServerApp.Beside(here);
        await RevokeAsync(here, Kid(await SignInAsync(here)));
        await EventuallyAsync(there, async () => await IsNewAsync(Kid(await SignInAsync(there))));

        var tokens = await SignInAsync(there);

        Assert.True(await IsNewAsync(Kid(tokens)));
        (await Orders(here).UserInfoAsync(tokens.AccessToken)).AssertOk();
        Assert.False(await IsNewAsync(Kid(tokens)));

        async Task<bool> IsNewAsync(string kid) => (await JwksAsync(here)).All(known => known != kid);
    }

    [Fact]
    public async Task While_the_database_is_away_the_keys_stay_and_the_outage_is_logged_once()
    {
        await using var app = await AuthServerApp.StartAsync();
        var keys = await JwksAsync(app);

        app.LoseDatabase();
        await EventuallyAsync(app, () => Task.FromResult(Said(app, "cannot be refreshed") > 0));
        for (var look = 0; look < 3; look++)
        {
            app.Clock.Advance(Poll);
            await Task.Delay(50);
            Assert.Equal(keys, await JwksAsync(app));
        }

        app.FindDatabase();
        await EventuallyAsync(app, () => Task.FromResult(Said(app, "are refreshed again") > 0));
        Assert.Equal(1, Said(app, "cannot be refreshed"));
        await SignInAsync(app);
    }

    private static ClientDriver Orders(AuthServerApp app) => app.Client(Seed.Orders, Seed.OrdersSecret);

    private static async Task<Answer> SignInAsync(AuthServerApp app) =>
        (await Orders(app).SignInAsync("alice", "correct-horse-apple")).AssertOk();

    private static string Kid(Answer tokens) => Jwt.Read(tokens.AccessToken!).Header.GetProperty("kid").GetString()!;

    private static string EncryptionKid(Answer tokens) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken!.Split('.')[0])).RootElement
            .GetProperty("kid").GetString()!;

    private static async Task<string[]> JwksAsync(AuthServerApp app) =>
        [.. (await app.Http.GetFromJsonAsync<JsonElement>("/.well-known/jwks")).GetProperty("keys").EnumerateArray()
            .Select(key => key.GetProperty("kid").GetString()!)];

    private static int Said(AuthServerApp app, string text) => app.Log.Count(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task RevokeAsync(AuthServerApp app, string kid)
    {
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        (await cli.RunAsync("keys", "revoke", kid, "--now")).AssertOk();
    }

    // After its clock has advanced, the server polls asynchronously, so the condition is checked repeatedly.
    private static async Task EventuallyAsync(AuthServerApp app, Func<Task<bool>> condition)
    {
        for (var attempt = 0; !await condition(); attempt++)
        {
            Assert.True(attempt < 100, "It did not come about.");
            app.Clock.Advance(Poll);
            await Task.Delay(50);
        }
    }
}

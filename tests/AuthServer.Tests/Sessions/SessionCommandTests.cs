using System.Net;
using System.Text.Json;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Sessions;

public sealed class SessionCommandTests
{
    [Fact]
    public async Task List_shows_the_requested_sign_ins_and_their_number()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        app.Http.DefaultRequestHeaders.Add("User-Agent", "Phone/1");
        var phone = await SignInAsync(app, "alice", "correct-horse-apple");
        app.Http.DefaultRequestHeaders.Remove("User-Agent");
        app.Http.DefaultRequestHeaders.Add("User-Agent", "Laptop/2 (\u001b[2J)");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var laptop = await SignInAsync(app, "alice", "correct-horse-apple");
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var bob = Sid((await app.Client("terminal").SignInAsync("bob", "correct-horse-birch")).AssertOk());

        Assert.Equal($"3: {bob} {laptop} {phone}", await ListAsync(cli));
        Assert.Equal($"2: {laptop} {phone}", await ListAsync(cli, "--user", "alice@example.test"));
        Assert.Equal($"1: {bob}", await ListAsync(cli, "--client", "terminal"));
        Assert.Equal($"1: {phone}", await ListAsync(cli, "--device", "pHONE"));
        Assert.Equal($"1: {bob}", await ListAsync(cli, "--device", "127.0.0", "--limit", "1"));
        Assert.Contains(
            "3 sessions; the newest 1 are shown.",
            (await cli.RunAsync("session", "list", "--limit", "1")).AssertOk().Output,
            StringComparison.Ordinal);
        Assert.Equal("0: ", await ListAsync(cli, "--before", "2020-01-01"));
        Assert.Equal("0: ", await ListAsync(cli, "--user", "alice", "--client", "terminal"));
        Assert.Equal("0: ", await ListAsync(cli, "--ended"));

        var text = (await cli.RunAsync("session", "list")).AssertOk().Output;
        Assert.Contains("3 sessions.", text, StringComparison.Ordinal);
        Assert.Contains("Phone/1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_device_does_not_match_every_device()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        await SignInAsync(app, "alice", "correct-horse-apple");

        (await cli.RunAsync("session", "end", "--device", " ", "--yes")).AssertFailed("--device is empty");
        Assert.StartsWith("1:", await ListAsync(cli), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Phone\u202e/1", "Phone?/1")]
    [InlineData("Phone\u001b[2J", "Phone?[2J")]
    [InlineData(null, "-")]
    public void A_user_agent_cannot_control_the_terminal(string? text, string told) =>
        Assert.Equal(told, AuthServer.CommandLine.TextFormat.Text(text));

    [Fact]
    public async Task End_includes_an_expired_session_whose_last_access_token_is_still_valid()
    {
        await using var app = await AuthServerApp.StartAsync(("Connect:AccessTokenLifetime", "00:01:00"));
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var answer = (await app.Client("short-lived", "short-lived-demo-secret").SignInAsync("alice", "correct-horse-apple", "notes.read"))
            .AssertOk();
        await app.SqlAsync("UPDATE Sessions SET ExpiresAt = ExpiresAt - 8 * 60 * 10000000");

        Assert.Contains(
            "1 session ended.", (await cli.RunAsync("session", "end", Sid(answer), "--yes")).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_explains_why_a_user_was_signed_out()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        (await client.RefreshAsync(first.RefreshToken)).AssertRefused("invalid_grant");

        var shown = await ShowAsync(cli, Sid(first));

        Assert.Equal("ended", shown.GetProperty("state").GetString());
        Assert.Equal("refresh_token_reused", shown.GetProperty("endReason").GetString());
        Assert.Equal("alice", shown.GetProperty("user").GetString());
        Assert.Equal(["issued 1", "refreshed 2", "leeway_hit 2", "reused 1", "revoked "], Events(shown).Order(EventOrder));
        Assert.Contains(
            "refresh_token_reused", (await cli.RunAsync("session", "show", Sid(first))).AssertOk().Output, StringComparison.Ordinal);
        Assert.Equal($"1: {Sid(first)}", await ListAsync(cli, "--ended"));
    }

    [Fact]
    public async Task Show_reports_an_expiry_that_no_event_has_recorded()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var refreshable = await SignInAsync(app, "alice", "correct-horse-apple");
        var brief =
            Sid((await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple", "notes.read")).AssertOk());
        await app.SqlAsync(
            "UPDATE Sessions SET ExpiresAt = 2; UPDATE Authorizations SET RefreshExpiresAt = CASE Generation WHEN 0 THEN 2 ELSE 1 END");

        Assert.Equal(["expired 1", "issued 1"], Events(await ShowAsync(cli, refreshable)));
        Assert.Equal(["expired ", "issued 0"], Events(await ShowAsync(cli, brief)));
        Assert.Contains("idle_too_long", (await cli.RunAsync("session", "show", refreshable)).AssertOk().Output, StringComparison.Ordinal);
        Assert.Contains("lifetime_reached", (await cli.RunAsync("session", "show", brief)).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_shows_the_count_and_ends_the_sessions_after_confirmation()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var alice = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var bob = (await client.SignInAsync("bob", "correct-horse-birch")).AssertOk();

        var asked = await cli.RunAsync("session", "end", "--user", "alice");
        Assert.Equal((1, "1 session would end. Nothing was done: --yes does it."), (asked.ExitCode, asked.Output.Trim()));
        Assert.Equal("True", (await client.IntrospectAsync(alice.AccessToken))["active"]);

        Assert.Contains(
            "1 session ended.",
            (await cli.RunAsync("session", "end", "--user", "alice", "--yes")).AssertOk().Output,
            StringComparison.Ordinal);

        Assert.Equal("False", (await client.IntrospectAsync(alice.AccessToken))["active"]);
        Assert.Equal("False", (await client.IntrospectAsync(alice.RefreshToken))["active"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.UserInfoAsync(alice.AccessToken)).Status);
        (await client.RefreshAsync(alice.RefreshToken)).AssertRefused("invalid_grant");
        bob = (await client.RefreshAsync(bob.RefreshToken)).AssertOk();

        (await cli.RunAsync("session", "end", Sid(bob), "--yes")).AssertOk();
        (await client.RefreshAsync(bob.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal("ended_by_operator", (await ShowAsync(cli, Sid(bob))).GetProperty("endReason").GetString());
    }

    [Fact]
    public async Task End_can_select_a_client_a_device_an_age_or_all()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var cli = new Cli { DatabasePath = app.DatabasePath };
        await SignInAsync(app, "alice", "correct-horse-apple");
        (await app.Client("terminal").SignInAsync("bob", "correct-horse-birch")).AssertOk();

        Assert.Contains(
            "0 sessions would end",
            (await cli.RunAsync("session", "end", "--before", "2020-01-01T00:00:00Z")).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 sessions would end", (await cli.RunAsync("session", "end", "--device", "127.0.0.1")).Output, StringComparison.Ordinal);
        Assert.Contains(
            "1 session ended",
            (await cli.RunAsync("session", "end", "--client", "terminal", "--yes")).AssertOk().Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "1 session ended", (await cli.RunAsync("session", "end", "--all", "--yes")).AssertOk().Output, StringComparison.Ordinal);
        Assert.Equal("0: ", await ListAsync(cli));
    }

    [Theory]
    [InlineData("session show 0199a0c4-0000-7000-8000-000000000001", "There is no session '0199a0c4-0000-7000-8000-000000000001'.")]
    [InlineData("session end 0199a0c4-0000-7000-8000-000000000001 --yes", "There is no session '0199a0c4-0000-7000-8000-000000000001'.")]
    [InlineData("session end --yes", "Say which sessions")]
    [InlineData("session end --all --user nobody --yes", "There is no user 'nobody'.")]
    [InlineData("session list --client nothing", "There is no client 'nothing'.")]
    [InlineData("session list --before yesterday", "'yesterday' is not an instant")]
    [InlineData("session list --limit 0", "--limit must be a whole number of at least 1, not '0'.")]
    [InlineData("session show nonsense", "nonsense")]
    public async Task An_impossible_command_is_reported(string command, string message)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync(command.Split(' '))).AssertFailed(message);
    }

    private static readonly IComparer<string> EventOrder =
        Comparer<string>
            .Create((left, right) => Array.IndexOf(Kinds, left.Split(' ')[0]).CompareTo(Array.IndexOf(Kinds, right.Split(' ')[0])));

    private static string[] Kinds => ["issued", "refreshed", "leeway_hit", "reused", "revoked", "expired"];

    private static string Sid(Answer answer) => Jwt.Read(answer.AccessToken).Value("sid");

    private static async Task<string> SignInAsync(AuthServerApp app, string user, string password) =>
        Sid((await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync(user, password)).AssertOk());

    /// <returns>The number of sessions, and their ids.</returns>
    private static async Task<string> ListAsync(Cli cli, params string[] options)
    {
        var json = JsonDocument.Parse((await cli.RunAsync(["session", "list", "--json", .. options])).AssertOk().Output).RootElement;
        return $"{json.GetArrayLength()}: {string.Join(' ', json.EnumerateArray().Select(session => session.GetProperty("id")))}";
    }

    private static async Task<JsonElement> ShowAsync(Cli cli, string sid) =>
        JsonDocument.Parse((await cli.RunAsync("session", "show", sid, "--json")).AssertOk().Output).RootElement;

    private static string[] Events(JsonElement shown) =>
        [.. shown.GetProperty("events").EnumerateArray().Select(entry => $"{entry.GetProperty("kind")} {entry.GetProperty("generation")}")];
}

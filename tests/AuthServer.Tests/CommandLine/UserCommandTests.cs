using System.Text.Json;
using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.CommandLine;

/// <summary>Commands for one user or app, while a server uses the same database.</summary>
public sealed class UserCommandTests
{
    [Fact]
    public async Task Deleting_a_user_requires_confirmation_and_ends_the_apps_tokens()
    {
        await using var app = await AuthServerApp.StartAsync();
        var tokens = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        using var cli = new Cli { DatabasePath = app.DatabasePath };

        var asked = await cli.RunAsync("user", "delete", "alice@example.test");
        Assert.Equal(
            (1, "alice (alice@example.test) would be deleted, with 1 active session. Nothing was done: --yes does it."),
            (asked.ExitCode, asked.Output.Trim()));
        Assert.StartsWith(
            "deleted alice ", (await cli.RunAsync("user", "delete", "alice", "--yes")).AssertOk().Output, StringComparison.Ordinal);

        (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
        Assert.Equal(
            0,
            await app.CountAsync("SELECT (SELECT COUNT(*) FROM Users WHERE UserName = 'alice') + (SELECT COUNT(*) FROM Authorizations)"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM PlatformEntries WHERE Kind = 'user' AND Mark = 'ALICE'"));
        (await cli.RunAsync("user", "show", "alice")).AssertFailed("There is no user 'alice'.");
    }

    [Fact]
    public async Task A_user_is_shown_renamed_and_given_roles()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("apply", cli.Write("p.yaml", """
            roles: [admin]
            users: [{ name: carl, email: carl@example.test, display_name: 김칼, password: "plain:a long enough password" }]
            """))).AssertOk();

        Assert.Equal("renamed carl to karl", (await cli.RunAsync("user", "rename", "carl", "karl")).AssertOk().Output.Trim());
        Assert.Equal("added role admin: karl", (await cli.RunAsync("user", "role", "add", "karl", "ADMIN")).AssertOk().Output.Trim());
        (await cli.RunAsync("user", "role", "add", "karl", "admin")).AssertFailed("karl has the role already: admin.");
        (await cli.RunAsync("user", "role", "add", "karl", "boss")).AssertFailed("There is no role 'boss'.");
        var shown = JsonDocument.Parse((await cli.RunAsync("user", "show", "karl", "--json")).AssertOk().Output).RootElement;
        Assert.Equal(("karl", "김칼", "admin", "active", 0), (
            shown.GetProperty("name").GetString(), shown.GetProperty("displayName").GetString(), shown.GetProperty("roles")[0].GetString(),
            shown.GetProperty("state").GetString(), shown.GetProperty("activeSessions").GetInt32()));
        Assert.Equal("removed role admin: karl", (await cli.RunAsync("user", "role", "remove", "karl", "admin")).AssertOk().Output.Trim());
        (await cli.RunAsync("user", "role", "remove", "karl", "admin")).AssertFailed("karl does not have the role: admin.");
        Assert.Matches(
            "(?m)^email +carl@example.test \\(not confirmed\\)$",
            (await cli.RunAsync("user", "show", "karl")).AssertOk().Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Resetting_second_factors_ends_sign_ins_and_the_user_gets_a_mail()
    {
        await using var app = await AuthServerApp.StartAsync();
        var tokens = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        await app.SqlAsync("""
            INSERT INTO Authenticators (UserId, ProtectedSecret, ConfirmedAt, LastStep, RecoveryCodes, WrongCodes) SELECT Id, 'x', 1, 0, '', 0 FROM Users WHERE UserName = 'alice';
            UPDATE Users SET TwoFactorEnabled = 1 WHERE UserName = 'alice';
            """);
        using var cli = new Cli { DatabasePath = app.DatabasePath };

        Assert.Contains(
            "the authenticator app with its recovery codes and 0 passkeys",
            (await cli.RunAsync("user", "reset-factors", "alice")).Output,
            StringComparison.Ordinal);
        (await cli.RunAsync(
            "",
            ["user", "reset-factors", "alice", "--yes"],
            ("Mail__From", "no-reply@auth.example"),
            ("Mail__Folder", app.MailFolder))).AssertOk();

        Assert.Equal(0, await app.CountAsync(
            "SELECT (SELECT COUNT(*) FROM Authenticators) + (SELECT TwoFactorEnabled FROM Users WHERE UserName = 'alice')"));
        Assert.Equal("alice@example.test", await app.TextAsync("SELECT Recipient FROM Mails WHERE Kind = 'FactorsReset'"));
        (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(tokens.RefreshToken)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task An_app_is_shown_and_deleted_with_its_tokens()
    {
        await using var app = await AuthServerApp.StartAsync();
        var tokens = await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        (await app.Client("reports", "reports-demo-secret").SignInAsync("alice", "correct-horse-apple", "offline_access notes.read"))
            .AssertOk();
        using var cli = new Cli { DatabasePath = app.DatabasePath };

        var shown = JsonDocument.Parse((await cli.RunAsync("client", "show", "orders", "--json")).AssertOk().Output).RootElement;
        Assert.Equal("https://orders.example/callback", shown.GetProperty("redirectUris")[0].GetString());
        Assert.True(shown.GetProperty("hasSecret").GetBoolean());
        Assert.Equal(
            "orders would be deleted, and 1 sign-in to it would end. Nothing was done: --yes does it.",
            (await cli.RunAsync("client", "delete", "orders")).Output.Trim());
        (await cli.RunAsync("client", "delete", "orders", "--yes")).AssertOk();

        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Authorizations"));
        Assert.Equal(1, await app.CountAsync("SELECT COUNT(*) FROM Sessions WHERE EndedAt IS NULL"));
        (await cli.RunAsync("client", "show", "orders")).AssertFailed("There is no client 'orders'.");
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        (await app.Client(Seed.Orders, Seed.OrdersSecret).RefreshAsync(tokens.RefreshToken)).AssertRefused(
            "invalid_client", System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Lists_have_headers_limits_and_one_shape_of_json()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("apply", cli.Write("p.yaml", """
            apps:
              - { id: b, type: public, grants: [password] }
              - { id: an-app-with-a-name-that-is-longer-than-any-column-was, type: public, grants: [password, refresh_token] }
            users:
              - { name: carl, email: carl@example.test }
              - { name: a-name-that-is-much-longer-than-the-column-for-it-was, email: long@example.test }
            """))).AssertOk();

        var lines = (await cli.RunAsync("client", "list")).AssertOk().Output.Trim().ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^ID +TYPE +GRANTS +SCOPES +DISABLED$", lines[0]);
        Assert.All(lines, line => Assert.Equal(
            lines[0].IndexOf("TYPE", StringComparison.Ordinal),
            line.IndexOf(line == lines[0] ? "TYPE" : "public", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Length);
        var users = JsonDocument.Parse((await cli.RunAsync("user", "list", "--limit", "1", "--json")).AssertOk().Output).RootElement
            .EnumerateArray();
        Assert.Equal("a-name-that-is-much-longer-than-the-column-for-it-was", Assert.Single(users).GetProperty("name").GetString());
        Assert.Equal(2, (await cli.RunAsync("user", "list", "--limit", "1")).AssertOk().Output.Trim().Split('\n').Length);
        Assert.Equal("[]", (await cli.RunAsync("session", "list", "--json")).AssertOk().Output.Trim());
    }

    [Theory]
    [InlineData("session show nonsense", "'nonsense' is not the id of a session. An id looks like 01a21068-c913-74a1-a5d3-f8fd835f137a.")]
    [InlineData("session end nonsense", "'nonsense' is not the id of a session. An id looks like 01a21068-c913-74a1-a5d3-f8fd835f137a.")]
    [InlineData("session list --limit many", "--limit must be a whole number of at least 1, not 'many'.")]
    [InlineData("session show", "Required argument missing for command: 'show'.")]
    [InlineData("user list --limit 0", "--limit must be a whole number of at least 1, not '0'.")]
    public async Task A_mistake_is_answered_with_one_sentence_instead_of_the_help(string command, string sentence)
    {
        using var cli = new Cli();

        var outcome = await cli.RunAsync(command.Split(' '));

        Assert.Equal((1, sentence, ""), (outcome.ExitCode, outcome.Error.Trim(), outcome.Output.Trim()));
    }

    [Fact]
    public async Task Help_names_the_database_and_not_its_password()
    {
        using var cli = new Cli();

        var help = (await cli.RunAsync(
            "user",
            "--help",
            "--Database:Provider=Postgres",
            "--ConnectionStrings:AuthServer=Host=db.example;Database=auth;Username=me;Password=hush")).AssertOk().Output;

        Assert.Contains("Postgres, host=db.example; database=auth", help, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hush", help, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__AuthServer", help, StringComparison.Ordinal);
    }
}

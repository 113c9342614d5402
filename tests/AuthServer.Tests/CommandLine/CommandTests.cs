using System.Text.Json;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.CommandLine;

public sealed class CommandTests
{
    [Theory]
    [InlineData("--help", "migrate")]
    [InlineData("user --help", "passwd")]
    [InlineData("user add --help", "--email")]
    [InlineData("client rotate-secret --help", "Give an app a new secret")]
    [InlineData("apply --help", "--dry-run")]
    [InlineData("--version", ".")]
    public async Task Help_lists_commands_and_options(string command, string tells)
    {
        using var cli = new Cli();

        Assert.Contains(tells, (await cli.RunAsync(command.Split(' '))).AssertOk().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("user frobnicate")]
    [InlineData("user add")]
    [InlineData("apply")]
    [InlineData("healthcheck --url nonsense")]
    [InlineData("--Connect:Issuer=http://localhost:8400/ frobnicate")]
    public async Task An_unknown_command_line_is_reported_and_fails(string command)
    {
        using var cli = new Cli();

        var outcome = await cli.RunAsync(command.Split(' '));

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.NotEmpty(outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Output + outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("healthcheck")]
    [InlineData("healthcheck --url http://localhost:1/health/ready")]
    public async Task A_server_that_does_not_answer_is_not_healthy(string command)
    {
        using var cli = new Cli();

        (await cli.RunAsync("", command.Split(' '), ("ASPNETCORE_URLS", "http://localhost:1")))
            .AssertFailed("http://localhost:1/health/ready does not answer");
    }

    [Fact]
    public async Task Before_migrate_a_command_says_to_migrate()
    {
        using var cli = new Cli();

        (await cli.RunAsync("user", "list")).AssertFailed("AuthServer migrate");
    }

    [Fact]
    public async Task A_filter_of_breached_passwords_is_created_and_applied()
    {
        using var cli = await Cli.MigratedAsync();
        var (list, filter) = (cli.Write("list.txt", "lantern-maple-22\nshort\n"), cli.Write("own.bloom", ""));
        string[] add = ["user", "add", "dora", "--email", "dora@example.test", $"--Passwords:BreachedFile={filter}"];

        (await cli.RunAsync("passwords", "filter", "nothing.txt", filter)).AssertFailed("nothing.txt cannot be read");
        (await cli.RunAsync("lantern-maple-22", add)).AssertFailed(
            $"Passwords:BreachedFile names '{filter}', which is not a password filter");
        Assert.Equal(
            $"1 password in {filter}; 1 line left out.",
            (await cli.RunAsync("passwords", "filter", list, filter)).AssertOk().Output.Trim());
        (await cli.RunAsync("lantern-maple-22", add)).AssertFailed("Passwords must not be known from breaches of other sites.");
    }

    [Theory]
    [InlineData("--Connect:Issuer=http://localhost:8400/", "user", "list")]
    [InlineData("user", "list", "--Connect:Issuer", "http://localhost:8400/")]
    public async Task A_setting_may_come_before_or_after_a_command(params string[] command)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync(command)).AssertOk();
    }

    [Fact]
    public async Task Migrate_twice_changes_nothing_the_second_time()
    {
        using var cli = new Cli();

        Assert.Contains("applied", (await cli.RunAsync("migrate")).AssertOk().Output, StringComparison.Ordinal);
        Assert.Equal("The schema is up to date.", (await cli.RunAsync("migrate")).AssertOk().Output.Trim());
    }

    [Fact]
    public async Task A_user_is_added_listed_locked_and_unlocked()
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync("a long enough password\n", ["user", "add", "carl", "--email", "carl@example.test", "--display-name", "Carl"]))
            .AssertOk();
        Assert.Equal("active", await StateAsync(cli));
        (await cli.RunAsync("user", "lock", "carl@example.test")).AssertOk();
        Assert.Equal("locked", await StateAsync(cli));
        (await cli.RunAsync("user", "unlock", "carl")).AssertOk();
        Assert.Equal("active", await StateAsync(cli));
        (await cli.RunAsync("staple-battery-plum\n", ["user", "passwd", "carl"])).AssertOk();

        static async Task<string?> StateAsync(Cli cli) =>
            Assert.Single(JsonDocument.Parse((await cli.RunAsync("user", "list", "--json")).AssertOk().Output).RootElement.EnumerateArray())
                .GetProperty("state").GetString();
    }

    [Theory]
    [InlineData("short\n", "carl", "carl@example.test", "at least 12 characters")]
    [InlineData("", "carl", "carl@example.test", "No password")]
    [InlineData("carl's very own password\n", "carl", "carl@example.test", "must not contain")]
    [InlineData("a long enough password\n", "alice", "other@example.test", "'alice' is already taken")]
    [InlineData("a long enough password\n", "carl", "alice@example.test", "'alice@example.test' is already taken")]
    [InlineData("a long enough password\n", "carl", "no address", "invalid")]
    [InlineData("a long enough password\n", "alice@example.test", "carl@example.test", "not the user's own")]
    public async Task If_a_user_cannot_be_added_the_message_says_why(string input, string name, string email, string message)
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("a long enough password\n", ["user", "add", "alice", "--email", "alice@example.test"])).AssertOk();

        (await cli.RunAsync(input, ["user", "add", name, "--email", email])).AssertFailed(message);

        Assert.Single(JsonDocument.Parse((await cli.RunAsync("user", "list", "--json")).Output).RootElement.EnumerateArray());
    }

    [Theory]
    [InlineData("user lock nobody", "There is no user 'nobody'.")]
    [InlineData("user passwd nobody", "There is no user 'nobody'.")]
    [InlineData("client rotate-secret nothing", "There is no client 'nothing'.")]
    public async Task A_missing_user_or_app_is_reported(string command, string message)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync(command.Split(' '))).AssertFailed(message);
    }

    [Fact]
    public async Task A_rotated_secret_is_the_only_output_and_not_in_the_database()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("apply", cli.Write("p.yaml", "apps: [{ id: orders, secret: 'plain:orders-demo-secret', grants: [password] }]")))
            .AssertOk();

        var secret = (await cli.RunAsync("client", "rotate-secret", "orders")).AssertOk().Output.Trim();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", secret);
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync(cli.DatabasePath), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"orders\"", (await cli.RunAsync("client", "list", "--json")).AssertOk().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_secret_can_leave_the_old_one_valid_and_the_platform_file_knows_both()
    {
        using var cli = await Cli.MigratedAsync();
        var file = cli.Write("p.yaml", "apps: [{ id: orders, secret: 'plain:orders-demo-secret', grants: [password] }]");
        (await cli.RunAsync("apply", file)).AssertOk();

        var secret = (await cli.RunAsync("client", "rotate-secret", "orders", "--keep-old-for", "24h")).AssertOk().Output.Trim();

        // Applied again, the file changes nothing; and the new secret in it is known already.
        Assert.Contains("0 changed", (await cli.RunAsync("apply", file)).AssertOk().Output, StringComparison.Ordinal);
        cli.Write("p.yaml", $"apps: [{{ id: orders, secret: 'plain:{secret}', grants: [password] }}]");
        Assert.Contains("0 changed", (await cli.RunAsync("apply", file)).AssertOk().Output, StringComparison.Ordinal);
        (await cli.RunAsync("client", "rotate-secret", "orders", "--keep-old-for", "24h")).AssertFailed("has 2 valid secrets");
        Assert.Contains("is not a duration", (await cli.RunAsync("client", "rotate-secret", "orders", "--keep-old-for", "x")).Error, StringComparison.Ordinal);
        (await cli.RunAsync("client", "rotate-secret", "orders")).AssertOk();
    }

    [Fact]
    public async Task Every_command_accepts_settings()
    {
        using var cli = new Cli();

        (await cli.RunAsync("migrate", "--Database:Provider=Oracle")).AssertFailed("Database:Provider");
    }

    [Fact]
    public async Task A_server_that_may_not_migrate_says_what_to_do()
    {
        using var cli = new Cli();

        (await cli.RunAsync("--Database:MigrateOnStart=false", "--urls=http://127.0.0.1:0")).AssertFailed("Run 'AuthServer migrate'");
    }
}

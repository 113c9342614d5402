using AuthServer.Tests.Support;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Platform;

public sealed class ApplyTests
{
    private const string Good = """
        apis:
          - resource: https://api.example.test
            scopes: [{ name: things.read, description: Read things }]
        roles: [admin]
        apps:
          - id: shop
            name: Shop
            secret: env:SHOP_SECRET
            grants: [password, refresh_token]
            scopes: [openid, offline_access, things.read]
            origins: [https://shop.example.test]
            access_token_lifetime: 15m
        users:
          - { name: carl, email: carl@example.test, password: env:CARL_PASSWORD, roles: [admin] }
        """;

    private static readonly (string, string)[] Variables =
        [("SHOP_SECRET", "a-secret-of-at-least-32-characters!"), ("CARL_PASSWORD", "a long enough password")];

    [Fact]
    public async Task Applying_twice_changes_nothing_the_second_time()
    {
        using var cli = await Cli.MigratedAsync();
        var file = cli.Write("platform.yaml", Good);

        Assert.EndsWith(
            "4 created, 0 changed, 0 unchanged", (await ApplyAsync(cli, file)).AssertOk().Output.Trim(), StringComparison.Ordinal);
        Assert.Equal("0 created, 0 changed, 4 unchanged", (await ApplyAsync(cli, file)).AssertOk().Output.Trim());
    }

    [Theory]
    [InlineData("name: Shop", "name: The shop", "changed app shop: name")]
    [InlineData("15m", "30m", "changed app shop: access_token_lifetime")]
    [InlineData("grants: [password, refresh_token]", "grants: [password]", "changed app shop: grants")]
    [InlineData("origins: [https://shop.example.test]", "origins: []", "changed app shop: origins")]
    [InlineData("description: Read things", "description: Read all things", "changed scope things.read")]
    [InlineData("description: Read things", "description: { en: Read things, ko: 물건 읽기 }", "changed scope things.read")]
    public async Task Only_changed_fields_are_updated(string before, string after, string expected)
    {
        using var cli = await Cli.MigratedAsync();
        (await ApplyAsync(cli, cli.Write("platform.yaml", Good))).AssertOk();

        var outcome = (await ApplyAsync(cli, cli.Write("platform.yaml", Good.Replace(before, after, StringComparison.Ordinal)))).AssertOk();

        Assert.Equal([expected, "0 created, 1 changed, 3 unchanged"], outcome.Output.Trim().ReplaceLineEndings("\n").Split('\n'));
    }

    [Theory]
    [InlineData(
        "https://other.example.test/out", "true",
        "'frontchannel_logout_uri' of the app 'shop' must have scheme, host and port of one of its 'redirect_uris'.")]
    [InlineData(
        "https://shop.example.test:444/out", "true",
        "'frontchannel_logout_uri' of the app 'shop' must have scheme, host and port of one of its 'redirect_uris'.")]
    [InlineData("http://shop.example.test/out", "true", "'frontchannel_logout_uri' must be an absolute https address.")]
    [InlineData("https://shop.example.test/out#here", "true", "'frontchannel_logout_uri' must be an absolute https address.")]
    [InlineData("https://shop.example.test/out", "maybe", "'frontchannel_logout_session_required' must be true or false.")]
    public async Task An_unusable_front_channel_logout_setting_is_a_fault(string address, string session, string fault)
    {
        using var cli = await Cli.MigratedAsync();

        (await ApplyAsync(cli, cli.Write("platform.yaml", $"""
            apps:
              - id: shop
                secret: env:SHOP_SECRET
                grants: [authorization_code]
                redirect_uris: [https://shop.example.test/callback]
                frontchannel_logout_uri: {address}
                frontchannel_logout_session_required: {session}
            """))).AssertFailed(fault);
    }

    [Fact]
    public async Task Each_language_of_a_description_is_compared()
    {
        using var cli = await Cli.MigratedAsync();
        var both = Good.Replace(
            "description: Read things", "description: { en: Read things, ko: 물건 읽기 }", StringComparison.Ordinal);
        (await ApplyAsync(cli, cli.Write("platform.yaml", both))).AssertOk();

        Assert.Equal(
            "0 created, 0 changed, 4 unchanged", (await ApplyAsync(cli, cli.Write("platform.yaml", both))).AssertOk().Output.Trim());
        foreach (var changed in new[] { both.Replace("물건", "모든 물건", StringComparison.Ordinal), both, Good })
        {
            Assert.Contains(
                "changed scope things.read",
                (await ApplyAsync(cli, cli.Write("platform.yaml", changed))).AssertOk().Output,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_changed_secret_is_changed_and_a_changed_password_is_not()
    {
        using var cli = await Cli.MigratedAsync();
        var file = cli.Write("platform.yaml", Good);
        (await ApplyAsync(cli, file)).AssertOk();

        var outcome = (await cli.RunAsync(
            "",
            ["apply", file],
            ("SHOP_SECRET", "another-secret-of-at-least-32-characters"),
            ("CARL_PASSWORD", "some other password"))).AssertOk();

        Assert.Contains("changed app shop: secret", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("1 changed, 3 unchanged", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_user_is_adopted_and_not_changed()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("a long enough password\n", ["user", "add", "carl", "--email", "carl@elsewhere.test"])).AssertOk();

        var outcome = (await ApplyAsync(cli, cli.Write("platform.yaml", Good))).AssertOk();

        Assert.Contains("adopted user carl: 'carl' existed before and is not changed", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("3 created, 0 changed, 1 adopted, 0 unchanged", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            "platform.yaml:14:5: 'carl' existed before this file, which gives no role to such an account",
            outcome.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_does_nothing()
    {
        using var cli = await Cli.MigratedAsync();
        var file = cli.Write("platform.yaml", Good);

        Assert.Contains(
            "created app shop",
            (await cli.RunAsync("", ["apply", file, "--dry-run"], Variables)).AssertOk().Output,
            StringComparison.Ordinal);
        Assert.Equal("[]", (await cli.RunAsync("client", "list", "--json")).AssertOk().Output.Trim());
    }

    [Fact]
    public async Task A_fault_that_only_the_database_finds_leaves_nothing_behind()
    {
        using var cli = await Cli.MigratedAsync();

        var outcome = await ApplyAsync(
            cli, cli.Write("platform.yaml", Good.Replace("roles: [admin] }", "roles: [boss] }", StringComparison.Ordinal)));

        outcome.AssertFailed("platform.yaml:14:82: The role 'boss' is neither in this file nor in the database.");
        Assert.EndsWith("1 problem; nothing was changed.", outcome.Error.Trim(), StringComparison.Ordinal);
        Assert.Equal("[]", (await cli.RunAsync("client", "list", "--json")).AssertOk().Output.Trim());
    }

    [Fact]
    public async Task All_faults_of_the_file_are_reported_at_once_with_their_places()
    {
        using var cli = await Cli.MigratedAsync();
        var file = cli.Write("bad.yaml", """
            apis:
              - resource: not a uri
                scopes: [{ name: "two words" }]
            apps:
              - id: shop
                type: secretive
                grants: [implicit]
                colour: red
                access_token_lifetime: soon
                origins: [https://shop.example.test/path]
              - id: shop
                type: public
                secret: plain:whatever
                grants: [client_credentials]
            users:
              - name: carl
                email: nowhere
                email_confirmed: perhaps
                password: hunter2
            suers: []
            """);

        var outcome = await cli.RunAsync("apply", file);

        Assert.Equal(1, outcome.ExitCode);
        foreach (var expected in new[]
        {
            "bad.yaml:2:15: 'resource' has ' ', which is not allowed in an address",
            "bad.yaml:3:22: 'name' of a scope",
            "bad.yaml:6:11: 'type' must be",
            "bad.yaml:7:14: The grant 'implicit'",
            "bad.yaml:8:5: 'colour' is not known here.",
            "bad.yaml:9:28: 'access_token_lifetime' must be",
            "bad.yaml:10:15: 'origins' must be like",
            "bad.yaml:11:5: The public app 'shop' cannot keep a secret",
            "bad.yaml:11:5: The app 'shop' is declared twice.",
            "bad.yaml:17:12: 'email' must be",
            "bad.yaml:18:22: 'email_confirmed' must be",
            "bad.yaml:19:15: 'password' is not a reference",
            "bad.yaml:20:1: 'suers' is not known here.",
            "13 problems; nothing was changed.",
        })
        {
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hunter2", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "This is not YAML")]
    [InlineData("- a", "A mapping (key: value) is expected here.")]
    [InlineData("{ {a: b}: c }", "A key must be text.")]
    [InlineData("apps: [{ id: shop, type: public, access_token_lifetime: 20000d }]", "at most ten years")]
    [InlineData("apps: 3", "'apps' must be a list.")]
    [InlineData("apps: [{}]", "'id' is missing.")]
    [InlineData("apps: [{ id: shop, grants: [password] }]", "The confidential app 'shop' needs 'secret' or 'public_keys'.")]
    [InlineData("apps: [{ id: 01a2097a-6371-74e7-8b4e-3f8f988be622, type: public }]", "must not be a GUID")]
    [InlineData("apps: [{ id: shop, type: public, scopes: [things.read] }]", "The scope 'things.read' belongs to no API")]
    [InlineData(
        "users: [{ name: carl, email: carl@example.test, roles: [boss] }]", "The role 'boss' is neither in this file nor in the database.")]
    [InlineData("roles: [\"\\u202E\"]", "The name of a role may not have characters that cannot be seen.")]
    [InlineData("roles: [{ name: \"\\u202E\", scopes: [admin.users.read] }]", "The name of a role may not have characters")]
    [InlineData("apps: [{ id: shop, secret: 'env:NO_SUCH_VARIABLE' }]", "environment variable 'NO_SUCH_VARIABLE', which is not set")]
    [InlineData("apps: [{ id: shop, secret: 'file:no-such-file' }]", "file 'no-such-file', which cannot be read")]
    [InlineData("users: [{ name: carl, email: c@d.test, password_hash: 'plain:no hash' }]", ":55: 'password_hash' must refer to a hash of")]
    [InlineData("users: [{ name: carl, email: c@d.test, password: 'plain:a long enough', password_hash: "
        + "'plain:$2b$10$CwTycUXWue0Thq9StjUM0uJ8z1mWkQzPzQ5x5b9w6sWm3v3gJrWqK' }]", "exclude each other")]
    [InlineData(
        "users: [{ key: one, name: carl, email: c@d.test }, { key: one, name: dora, email: d@d.test }]",
        "The key of a user 'one' is declared twice.")]
    [InlineData("apps: [{ id: shop, public_keys: 'plain:{}' }]", "'public_keys' must be or refer to a JWKS")]
    [InlineData("apps: [{ id: shop, public_keys: 'plain:no json' }]", "'public_keys' must be or refer to a JWKS")]
    [InlineData("apis: [{ resource: 'https://a.test', scopes: [{ name: a, description: { ko: 읽기 } }] }]", "'en' is missing.")]
    [InlineData(
        "apis: [{ resource: 'https://a.test', scopes: [{ name: a, description: { en: Read, fr: Lire } }] }]", "'fr' is not known here.")]
    [InlineData(
        "apis: [{ resource: 'https://a.test', scopes: [{ name: a, description: [Read] }] }]", "'description' must be text on one line.")]
    public async Task Each_single_fault_is_reported(string yaml, string message)
    {
        using var cli = await Cli.MigratedAsync();

        (await cli.RunAsync("apply", cli.Write("platform.yaml", yaml))).AssertFailed(message);
    }

    [Theory]
    [InlineData("plain:anything-that-is-long-enough-for-a-secret", "refused outside Development")]
    [InlineData("env:DEMO", "well-known secrets")]
    [InlineData("env:SHORT", "at least 32 characters")]
    public async Task Outside_Development_weak_secrets_are_refused(string secret, string message)
    {
        using var cli = await Cli.MigratedAsync("Production");
        var file = cli.Write("platform.yaml", $"apps: [{{ id: shop, secret: '{secret}', grants: [password] }}]");

        (await cli.RunAsync("", ["apply", file], ("DEMO", "orders-demo-secret"), ("SHORT", "too-short"))).AssertFailed(message);
    }

    private static Task<Outcome> ApplyAsync(Cli cli, string file) => cli.RunAsync("", ["apply", file], Variables);
}

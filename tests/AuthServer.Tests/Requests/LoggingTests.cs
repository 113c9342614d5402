using System.Text.Json;
using AuthServer.Requests;
using AuthServer.Tests.Support;
using Rig;
using Serilog.Events;

namespace AuthServer.Tests.Requests;

public sealed class LoggingTests
{
    private static readonly (string, string)[] AsTalkativeAsCanBe =
    [
        ("Serilog:MinimumLevel:Default", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.AspNetCore", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.AspNetCore.Hosting.Diagnostics", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore.Database.Command", "Verbose"),
        ("Serilog:MinimumLevel:Override:OpenIddict", "Verbose"),
        ("Serilog:MinimumLevel:Override:OpenIddict.Server", "Verbose"),
        ("Serilog:MinimumLevel:Override:System", "Verbose"),
    ];

    [Fact]
    public async Task No_secret_token_or_password_of_a_whole_run_is_logged_at_any_level()
    {
        await using var app = await AuthServerApp.StartAsync(AsTalkativeAsCanBe);
        var secrets = new List<string>();
        await UseEverythingAsync(app, secrets);
        await app.SqlAsync("""ALTER TABLE "Users" RENAME TO "Gone" """);
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        app.LoseDatabase();
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");

        await app.StopAsync();
        Assert.True(app.Log.Count > 50, $"{app.Log.Count} lines say too little for this test to mean anything.");
        Assert.All(secrets, secret => Assert.DoesNotContain(app.Log, line => line.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_is_one_line_with_its_trace_and_client_and_without_its_query()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.Client("nightly-job", "nightly-job-demo-secret").PostAsync(
            "/connect/token?code=in-the-query", ("grant_type", "client_credentials"), ("scope", "notes.read"));

        await app.StopAsync();
        var line =
            JsonDocument.Parse(Assert.Single(app.Log, line => line.Contains("/connect/token", StringComparison.Ordinal))).RootElement;

        Assert.Equal("POST", line.GetProperty("RequestMethod").GetString());
        Assert.Equal("/connect/token", line.GetProperty("RequestPath").GetString());
        Assert.Equal(200, line.GetProperty("StatusCode").GetInt32());
        Assert.Equal("nightly-job", line.GetProperty("ClientId").GetString());
        Assert.Matches("^[0-9a-f]{32}$", line.GetProperty("@tr").GetString());
        Assert.True(line.GetProperty("Elapsed").GetDouble() > 0);
        Assert.DoesNotContain(app.Log, text => text.Contains("in-the-query", StringComparison.Ordinal));
    }

    [Fact]
    public async Task By_default_the_server_logs_one_line_per_request_and_one_per_outcome()
    {
        await using var app = await AuthServerApp.StartAsync();
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "correct-horse-apple");
        await app.Client(Seed.Orders, Seed.OrdersSecret).SignInAsync("alice", "wrong-password-here");
        await app.Http.GetAsync("/.well-known/jwks");

        await app.StopAsync();
        var messages = app.Log.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("@m").GetString()!).ToList();
        // A checkpoint of the audit belongs to no request: it is due when the run's first server, whose database all begin with, is old.
        var afterStart = messages.SkipWhile(message => !message.StartsWith("Content root path", StringComparison.Ordinal)).Skip(1)
            .Where(message => !message.StartsWith("Audit checkpoint", StringComparison.Ordinal));
        Assert.Equal(
            [
                "\"GET\" \"/.well-known/jwks\" 200", "\"POST\" \"/connect/token\" 200", "\"POST\" \"/connect/token\" 400",
                "\"password-refused\": \"The password is wrong.\"", "\"signed-in\": \"pwd\".", "Application is shutting down...",
            ],
            afterStart.Select(message => message.Split([" in ", " Error ", " Client "], StringSplitOptions.None)[0])
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("OpenIddict", LogEventLevel.Warning)]
    [InlineData("OpenIddict.Server.OpenIddictServerDispatcher", LogEventLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogEventLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogEventLevel.Information)]
    [InlineData("Microsoft.EntityFrameworkCore.Database.Command", LogEventLevel.Information)]
    [InlineData("AuthServer.Connect", LogEventLevel.Verbose)]
    public void A_source_that_would_log_the_content_of_requests_has_a_minimum_level(string source, LogEventLevel expected)
    {
        var levels = new LogLevels { Override = { [source] = LogEventLevel.Verbose } };

        Assert.Equal(expected, levels.Effective()[source]);
    }

    [Fact]
    public void The_default_level_does_not_lower_the_minimum_levels_and_a_higher_level_stays()
    {
        var levels = new LogLevels { Default = LogEventLevel.Verbose, Override = { ["OpenIddict"] = LogEventLevel.Fatal } }.Effective();

        Assert.Equal(LogEventLevel.Fatal, levels["OpenIddict"]);
        Assert.Equal(LogEventLevel.Warning, levels["Microsoft.IdentityModel"]);
        Assert.Equal(LogEventLevel.Warning, levels["Microsoft.AspNetCore.Hosting"]);
    }

    private static async Task UseEverythingAsync(AuthServerApp app, List<string> secrets)
    {
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var first = (await client.SignInAsync("alice", "correct-horse-apple")).AssertOk();
        var second = (await client.RefreshAsync(first.RefreshToken)).AssertOk();
        (await client.UserInfoAsync(second.AccessToken)).AssertOk();
        (await client.IntrospectAsync(second.AccessToken)).AssertOk();
        (await client.IntrospectAsync(second.RefreshToken)).AssertOk();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await client.RefreshAsync(first.RefreshToken);
        var third = (await client.SignInAsync("bob", "correct-horse-birch")).AssertOk();
        (await client.RevokeAsync(third.RefreshToken)).AssertOk();
        secrets.AddRange(
            new[] { first, second, third }.SelectMany(answer => new[] { answer.AccessToken, answer.RefreshToken, answer["id_token"]! }));

        await client.SignInAsync("alice", "mistyped-password");
        await client.SignInAsync("password-typed-as-name", "mistyped-password");
        await app.Client(Seed.Orders, "mistyped-secret").SignInAsync("alice", "correct-horse-apple");
        await client.TokenAsync(("grant_type", "refresh_token"), ("refresh_token", "made-up-token"));
        await client.TokenAsync(("grant_type", "password"), ("username", "alice"), ("password", "twice-1"), ("password", "twice-2"));
        await client.TokenAsync(("grant_type", "authorization_code"), ("code", "made-up-code"), ("code_verifier", "made-up-verifier"));
        await client.TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", "made-up-assertion"));
        await client.UserInfoAsync("made-up-access-token");
        await app.Http.GetAsync("/connect/userinfo?access_token=token-in-the-query");
        await app.Http.GetAsync("/connect/token?grant_type=password&username=alice&password=password-in-the-query");
        using var json = new StringContent("""{"password":"password-in-json"}""", null, "application/json");
        await app.Http.PostAsync("/connect/token", json);
        secrets.AddRange(
        [
            Seed.OrdersSecret, "correct-horse-apple", "correct-horse-birch", "mistyped-password", "password-typed-as-name",
            "mistyped-secret",
            "made-up-token", "twice-1", "twice-2", "made-up-code", "made-up-verifier", "made-up-assertion", "made-up-access-token",
            "token-in-the-query", "password-in-the-query", "password-in-json",
            Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{Seed.Orders}:{Seed.OrdersSecret}")),
        ]);
    }

    [Fact]
    public async Task A_request_cannot_begin_a_new_log_line()
    {
        using var cli = await Support.CommandLine.MigratedAsync();
        await using var server = ServerProcess.Start(
            ["dotnet", "exec", Built.AuthServer],
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("Connect:Issuer", "http://localhost:8400/"),
            ("ConnectionStrings:AuthServer", $"Data Source={cli.DatabasePath}"));
        using var http = await server.HttpAsync();

        await http.GetAsync("/a%0D%0A12:00:00%20INF%20forged");

        var lines = await server.LogAsync("forged");
        Assert.Contains(lines, line => line.Contains(@"/a\r\n12:00:00 INF forged", StringComparison.Ordinal));
    }
}

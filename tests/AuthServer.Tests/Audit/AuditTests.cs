using System.Text.Json;
using AuthServer.Audit;
using AuthServer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.Audit;

/// <summary>What people and apps do at the running server is in the audit: who, what, from where, and why not.</summary>
public sealed class AuditTests
{
    // Of 20 ms.
    private const int MostAttempts = 1500;

    [Fact]
    public async Task A_sign_in_its_app_and_its_end_are_acts_of_the_person()
    {
        await using var app = await AuthServerApp.StartAsync();
        using var browser = new Browser(app);
        await AppLogin.Orders(app).CodeAsync(browser);
        await browser.SubmitAsync(await browser.GoAsync("/account/logout"));

        var rows = (await ReadAsync(app)).Where(row => row.Event.TargetKind is AuditTargets.Session).ToList();
        Assert.Equal(["sign_in.passed", "session.app_signed_in", "session.ended"], rows.Select(row => row.Event.Action).Distinct());
        Assert.All(rows, row =>
        {
            Assert.Equal(("Person", row.Event.PersonId.ToString()), (row.Event.ActorKind, row.Event.ActorId));
            Assert.Equal("session", row.Event.TargetKind);
            Assert.Equal("127.0.0.1", row.Address);
            Assert.Equal(32, row.Event.TraceId?.Length);
            Assert.Null(row.Event.Address);
        });
        Assert.Equal("signed_out", rows[^1].Event.Reason);
    }

    [Fact]
    public async Task A_refused_sign_in_says_why_and_names_nobody_unknown()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client("terminal");
        const int Failures = 10;
        for (var attempt = 0; attempt < Failures; attempt++)
        {
            await client.SignInAsync("alice", "wrong");
        }

        await client.SignInAsync("nobody-has-this-name", "wrong");

        var rows = await ReadAsync(app, "sign_in.refused", Failures + 1);
        Assert.Equal(["wrong_password", "unknown_account"], rows.Select(row => row.Event.Reason).Distinct());
        Assert.All(rows, row => Assert.True(row.Event.IsRefused));
        Assert.DoesNotContain(rows, row => JsonSerializer.Serialize(row.Event).Contains("nobody-has", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("127.0.0.1", rows.Last(row => row.Event.PersonId is null).Event.Address);
        Assert.Single(await ReadAsync(app, "user.locked"));
    }

    [Fact]
    public async Task An_app_that_revokes_a_token_is_the_actor()
    {
        await using var app = await AuthServerApp.StartAsync();
        var client = app.Client(Seed.Orders, Seed.OrdersSecret);
        var tokens = await client.SignInAsync("alice", "correct-horse-apple");
        await client.RevokeAsync(tokens.RefreshToken);

        var row = Assert.Single(await ReadAsync(app, "session.ended"));
        Assert.Equal(("Client", Seed.Orders), (row.Event.ActorKind, row.Event.ActorId));
        Assert.Equal("revoked_by_client", row.Event.Reason);
    }

    [Fact]
    public async Task Commands_are_acts_of_the_operator_and_show_what_changed()
    {
        using var cli = await Cli.MigratedAsync();
        (await cli.RunAsync("right-horse-battery", ["user", "add", "bob", "--email", "bob@example.test"])).AssertOk();
        (await cli.RunAsync("user", "lock", "bob")).AssertOk();
        (await cli.RunAsync("user", "unlock", "bob")).AssertOk();
        (await cli.RunAsync("apply", cli.Write("platform.yaml", Platform("Orders")))).AssertOk();
        (await cli.RunAsync("apply", cli.Write("platform.yaml", Platform("Sales")))).AssertOk();
        (await cli.RunAsync("client", "disable", "orders")).AssertOk();
        (await cli.RunAsync("client", "enable", "orders")).AssertOk();

        var rows = JsonDocument.Parse((await cli.RunAsync("audit", "list", "--json")).AssertOk().Output).RootElement.EnumerateArray().Reverse()
            .ToList();

        string[] actions =
        [
            "user.created", "user.disabled", "user.enabled", "scope.created", "client.created", "client.changed", "client.disabled", "client.enabled",
        ];
        Assert.Equal(actions, rows.Select(row => row.GetProperty("action").GetString()).Where(actions.Contains));
        Assert.All(rows, row => Assert.Equal("operator", row.GetProperty("actor").GetProperty("kind").GetString()));
        Assert.Equal("bob@example.test", rows[0].GetProperty("changes").GetProperty("email").GetProperty("after").GetString());
        var renamed = rows.Single(row => row.GetProperty("action").GetString() is "client.changed").GetProperty("changes");
        Assert.Equal(
            ("Orders", "Sales"),
            (renamed.GetProperty("displayName").GetProperty("before").GetString(), renamed.GetProperty("displayName").GetProperty("after").GetString()));

        var lines = (await cli.RunAsync("audit", "export", "--format", "csv", "--user", "bob")).AssertOk().Output.Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("id,time,actor_kind,", lines[0], StringComparison.Ordinal);
        (await cli.RunAsync("audit", "verify")).AssertOk();
        (await cli.RunAsync("audit", "verify", "--anchor", "nowhere.log")).AssertFailed("There is no file");
    }

    private static string Platform(string name) =>
        $$"""
        apis: [{ resource: 'https://orders.example', scopes: [{ name: orders.read }] }]
        apps: [{ id: orders, name: {{name}}, secret: 'plain:a-secret-of-some-length-1', grants: [client_credentials], scopes: [orders.read] }]
        """;

    private static async Task<List<ReadableEvent>> ReadAsync(AuthServerApp app, string? action = null, int atLeast = 1)
    {
        for (var attempt = 0; ; attempt++)
        {
            // Refused sign-ins are written a second later.
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await using var scope = app.Services.CreateAsyncScope();
            var rows = new List<ReadableEvent>();
            await foreach (var page in scope.ServiceProvider.GetRequiredService<AuditQueries>()
                .PagesAsync(new AuditFilter { Action = action }, 1000, TestContext.Current.CancellationToken))
            {
                rows.AddRange(page);
            }

            if (rows.Count >= atLeast || attempt is MostAttempts)
            {
                rows.Reverse();
                return rows;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using AuthServer.CommandLine;
using AuthServer.Tests.Mail;
using AuthServer.Tests.Support;
using Microsoft.Data.Sqlite;
using Cli = AuthServer.Tests.Support.CommandLine;

namespace AuthServer.Tests.AdminApi;

/// <summary>
/// A command and the same operation of the API do the same: on two equal databases they leave equal rows and equal events of the audit. Every
/// command that writes has a case here.
/// </summary>
public sealed class OneImplementationTests
{
    private const string NewPassword = "correct-horse-obsidian";

    // As the server's, so that both send mails.
    private static readonly (string Name, string Value)[] Settings =
        [("Mail:Host", "127.0.0.1"), ("Mail:Port", "9"), ("Mail:Security", "None"), ("Mail:From", "no-reply@auth.example")];

    /// <param name="Line">The command, with a bar between its arguments.</param>
    /// <param name="Input">What is typed.</param>
    private sealed record Twin(string Line, Func<AdminDriver, Task<Answer>> Call, string Input = "");

    // By the name of the command: they read, or the API is not for it.
    private static readonly Dictionary<string, string> Alone = new(StringComparer.Ordinal)
    {
        ["migrate"] = "changes the schema",
        ["apply"] = "the platform file is for those who run the server",
        ["admin invite"] = "makes an administrator, whom nobody allows it",
        ["prune"] = "does what the server does by itself",
        ["passwords filter"] = "has no database",
        ["healthcheck"] = "asks a server",
        ["user list"] = "reads",
        ["user show"] = "reads",
        ["client list"] = "reads",
        ["client show"] = "reads",
        ["keys list"] = "reads",
        ["session list"] = "reads",
        ["session show"] = "reads",
        ["audit list"] = "reads",
        ["audit export"] = "reads",
        ["audit verify"] = "reads",
        ["trace"] = "reads",
    };

    [Fact]
    public async Task A_command_and_its_operation_leave_equal_rows_and_events()
    {
        await using var mails = new MailServer();
        await using var app = await AdminPlatform.StartAsync(mails.Settings);
        using var browser = new Browser(app);
        await browser.AddPasskeyAsync(new VirtualAuthenticator());
        var orders = app.Client(Seed.Orders, Seed.OrdersSecret);
        (await orders.SignInAsync("carol", AdminPlatform.Password)).AssertOk();
        (await orders.SignInAsync("dave", AdminPlatform.Password)).AssertOk();
        (await orders.SignInAsync("helen", AdminPlatform.Password)).AssertOk();
        var root = await app.AdminAsync("root");
        var key = (await root.PostAsync("keys/rotate", "{}")).AssertOk().Json.GetProperty("items")[0].GetProperty("id").GetString()!;

        using var cli = new Cli();
        await CopyAsync(app.DatabasePath, cli.DatabasePath);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var rows = await DatabaseRows.OfAsync(cli.DatabasePath);
        var before = (int)await app.CountAsync("SELECT COUNT(*) FROM AuditEvents");
        var problems = new List<string>();
        var twins = await TwinsAsync(app, key);
        foreach (var twin in twins)
        {
            await RunAsync(cli, twin);
            var answer = await twin.Call(root);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent, $"{twin.Line}: {answer.Body}");
            var (command, operation) = (await rows.ReadAsync(cli.DatabasePath), await rows.ReadAsync(app.DatabasePath));
            problems.AddRange(Without(command, operation).Select(row => $"{twin.Line}: only the command has {row}"));
            problems.AddRange(Without(operation, command).Select(row => $"{twin.Line}: only the operation has {row}"));
            if (problems.Count > 0)
            {
                break;
            }
        }

        Assert.Empty(problems);
        using var reader = new Cli { DatabasePath = app.DatabasePath };
        var (ofCommands, ofOperations) = (await EventsAsync(cli), await EventsAsync(reader));
        Assert.Equal(ofCommands[..^before].Order(StringComparer.Ordinal), ofOperations[..^before].Order(StringComparer.Ordinal));
        Assert.True(ofCommands.Count >= before + twins.Count);

        var writing = CommandNames(CommandRoot.Create(new CommandHost([], null!, null!, null!), []), "").Except(Alone.Keys).Order();
        Assert.Equal(writing, twins.Select(twin => NameOf(twin.Line)).Distinct().Order());
    }

    private static async Task<IReadOnlyList<Twin>> TwinsAsync(AuthServerApp app, string key)
    {
        var (alice, carol, dave, helen) = (
            await app.IdOfAsync("alice"), await app.IdOfAsync("carol"), await app.IdOfAsync("dave"), await app.IdOfAsync("helen"));
        var session = Guid.Parse(await app.TextAsync($"SELECT Id FROM Sessions WHERE lower(UserId) = '{helen}'"));
        return
        [
            new(
                "user add|frank|--email|frank@example.test|--display-name|Frank|--role|customer",
                root => root.PostAsync("users", $$"""
                    { "name": "frank", "email": "frank@example.test", "displayName": "Frank", "roles": ["customer"], "password": "{{NewPassword}}" }
                    """),
                NewPassword),
            new("user rename|carol|caroline", root => root.PatchAsync($"users/{carol}", """{ "name": "caroline" }""")),
            new("user role add|dave|reader", root => root.PostAsync($"users/{dave}/roles/reader")),
            new("user role remove|dave|reader", root => root.DeleteAsync($"users/{dave}/roles/reader")),
            new("session end|--user|dave|--yes", async root =>
            {
                var preview = (await root.PostAsync("sessions:bulk", $$"""{ "action": "end", "filter": { "user": "{{dave}}" } }""")).AssertOk();
                return await root.PostAsync("sessions:bulk", $$"""{ "digest": "{{preview["digest"]}}" }""");
            }),
            new($"session end|{session}|--yes", root => root.PostAsync($"sessions/{session}/end")),
            new(
                "user passwd|caroline",
                root => root.PostAsync($"users/{carol}/password", $$"""{ "password": "{{NewPassword}}" }"""),
                NewPassword),
            new("user lock|dave", root => root.PostAsync($"users/{dave}/lock")),
            new("user unlock|dave", root => root.PostAsync($"users/{dave}/unlock")),
            new("user reset-factors|alice|--yes", root => root.PostAsync($"users/{alice}/reset-factors")),
            new("user delete|caroline|--yes", root => root.DeleteAsync($"users/{carol}")),
            new(
                "client rotate-secret|orders|--keep-old-for|24h",
                root => root.PostAsync("apps/orders/secrets", """{ "name": "rotate-secret", "keepOthersFor": "24h" }""")),
            new(
                "client rotate-secret|orders",
                root => root.PostAsync("apps/orders/secrets", """{ "name": "rotate-secret", "keepOthersFor": "0s" }""")),
            new("client disable|orders", root => root.PostAsync("apps/orders/disable")),
            new("client enable|orders", root => root.PostAsync("apps/orders/enable")),
            new("client delete|orders|--yes", root => root.DeleteAsync("apps/orders")),
            new("keys rotate|--algorithm|ES384", root => root.PostAsync("keys/rotate", """{ "algorithm": "ES384" }""")),
            new($"keys revoke|{key}|--now", root => root.PostAsync($"keys/{key}/revoke")),
        ];
    }

    private static async Task RunAsync(Cli cli, Twin twin)
    {
        var parts = twin.Line.Split('|');
        string[] args = [.. parts[0].Split(' '), .. parts[1..]];
        if (twin.Input.Length > 0)
        {
            (await cli.RunAsync(twin.Input, args, [.. Settings.Select(setting => (setting.Name.Replace(":", "__", StringComparison.Ordinal), setting.Value))]))
                .AssertOk();
            return;
        }

        // In this process: a process for each of them would take most of the time of this test.
        string[] settings =
        [
            "--environment=Development", $"--contentRoot={Path.GetDirectoryName(cli.DatabasePath)}",
            $"--ConnectionStrings:AuthServer=Data Source={cli.DatabasePath}", "--Connect:Issuer=http://localhost:8400/",
            .. Settings.Select(setting => $"--{setting.Name}={setting.Value}"),
        ];
        var main = typeof(Program).Assembly.EntryPoint!;
        Assert.True(await Task.Run(() => main.Invoke(null, [settings.Concat(args).ToArray()])) is 0, twin.Line);
    }

    private static string NameOf(string line) => line.Split('|')[0];

    private static IEnumerable<string> CommandNames(Command command, string name) => command.Subcommands.Count is 0
        ? [name]
        : command.Subcommands.SelectMany(one => CommandNames(one, name.Length is 0 ? one.Name : $"{name} {one.Name}"));

    // The newest first, those of one instant in any order; without who did it and when.
    private static async Task<List<string>> EventsAsync(Cli of) =>
    [
        .. (await of.RunAsync("audit", "export")).AssertOk().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var entry = JsonNode.Parse(line)!;
            return DatabaseRows.Named(
                $"{entry["action"]} of {entry["target"]?.ToJsonString()}: {entry["outcome"]}, {entry["reason"]}, {entry["changes"]?.ToJsonString()}");
        }),
    ];

    private static List<string> Without(List<string> rows, List<string> others)
    {
        var left = others.GroupBy(row => row).ToDictionary(row => row.Key, row => row.Count());
        return rows.FindAll(row => !left.TryGetValue(row, out var count) || (left[row] = count - 1) < 0);
    }

    private static async Task CopyAsync(string from, string to)
    {
        await using var connection = new SqliteConnection($"Data Source={from};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $file";
        command.Parameters.AddWithValue("$file", to);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Rig;

namespace EndToEnd.Tests.Support;

/// <summary>The programs of the demo on free ports, with their own data; started once for all tests.</summary>
public sealed class Platform : IAsyncLifetime
{
    public const string OrdersSecret = "orders-demo-secret";
    public const string Leeway = "2";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("end-to-end-");
    private Dictionary<string, string> settings = [];

    internal RunningProgram AuthServer { get; private set; } = null!;

    internal RunningProgram Api { get; private set; } = null!;

    internal RunningProgram Orders { get; private set; } = null!;

    internal RunningProgram Reports { get; private set; } = null!;

    internal Mailbox Mails { get; private set; } = null!;

    /// <summary>A third-party app, which needs the user's consent. It is not running; a test that needs it starts it.</summary>
    internal RunningProgram Guest { get; private set; } = null!;

    /// <summary>
    /// docs/snippets/aspnetcore-spa.cs, at the address that all web apps of the snippets use. It is neither built nor running.
    /// </summary>
    internal RunningProgram Snippet { get; private set; } = null!;

    internal IReadOnlyList<RunningProgram> All => [AuthServer, Api, Orders, Reports, Guest, Snippet];

    public async ValueTask InitializeAsync()
    {
        var authServer = new Dictionary<string, string>
        {
            ["ConnectionStrings:AuthServer"] = $"Data Source={Path.Combine(folder.FullName, "authserver.db")}",
            ["Connect:RefreshTokenLeeway"] = $"00:00:0{Leeway}",
            ["Keys:PollInterval"] = "00:00:01",
            ["Compatibility:DjangoRestFrameworkJwt"] = "terminal",
            ["Impersonation:Enabled"] = "true",
            ["Mail:Folder"] = Path.Combine(folder.FullName, "mail"),
            ["Platform:File"] = Path.Combine(folder.FullName, "platform.yaml"),
        };
        settings = authServer;
        AuthServer = new RunningProgram("AuthServer", authServer);
        authServer["Connect:Issuer"] = AuthServer.Address.ToString();
        Mails = new Mailbox(authServer["Mail:Folder"]);

        var api = new Dictionary<string, string>
        {
            ["Issuer:Authority"] = AuthServer.Address.ToString(),
            ["ConnectionStrings:ResourceApi"] = $"Data Source={Path.Combine(folder.FullName, "resourceapi.db")}",
        };
        Api = new RunningProgram("ResourceApi", api);
        var resource = Origin(Api);
        api["Api:Resource"] = resource;

        Orders = App("Orders", "orders", OrdersSecret, "openid profile email roles offline_access users.read notes.read notes.write");
        Reports = App("Reports", "reports", "reports-demo-secret", "openid profile email roles offline_access users.read notes.read");
        Guest = App("Guest", "guest", "guest-demo-secret", "openid profile offline_access users.read");

        Snippet = new RunningProgram(
            "aspnetcore-spa",
            new Dictionary<string, string> { ["Issuer"] = AuthServer.Address.ToString(), ["Api"] = resource },
            Repository.Snippets);

        var demo = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "AuthServer", "platform.demo.yaml"));
        await File.WriteAllTextAsync(authServer["Platform:File"], demo
            .Replace("http://localhost:8410", resource, StringComparison.Ordinal)
            .Replace("http://localhost:8421", Origin(Orders), StringComparison.Ordinal)
            .Replace("http://localhost:8422", Origin(Reports), StringComparison.Ordinal)
            .Replace("http://localhost:8600", Origin(Snippet), StringComparison.Ordinal)
            .Replace("apps:\n", $"""
                apps:
                  - id: guest
                    name: Guest
                    secret: plain:guest-demo-secret
                    grants: [authorization_code, refresh_token]
                    consent: explicit
                    redirect_uris: [{Origin(Guest)}/account/callback]
                    post_logout_redirect_uris: [{Origin(Guest)}/bye]
                    frontchannel_logout_uri: {Origin(Guest)}/out
                    scopes: [openid, profile, offline_access, users.read]

                  - id: {AdminTool.Id}
                    secret: plain:{AdminTool.Secret}
                    grants: [authorization_code]
                    redirect_uris: [{Origin(Orders)}{AdminTool.CallbackPath}]
                    scopes: [openid, admin.users.read, admin.users.impersonate]

                """, StringComparison.Ordinal) + string.Concat(Walk.People.Select(Person)));
        await AuthServer.StartAsync();
        await Task.WhenAll(Api.StartAsync(), Orders.StartAsync(), Reports.StartAsync());
    }

    /// <returns>The id of the key that currently signs ID tokens.</returns>
    internal async Task<string> SigningKeyAsync()
    {
        using var http = new HttpClient { BaseAddress = AuthServer.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = "orders",
            ["client_secret"] = OrdersSecret,
            ["username"] = "bob",
            ["password"] = "correct-horse-birch",
            ["scope"] = "openid",
        });
        using var answer = await http.PostAsync("/connect/token", form);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id_token").GetString()!;
        return TokenPart.Of(token, 0).GetProperty("kid").GetString()!;
    }

    /// <summary>Runs a command of AuthServer on its database.</summary>
    internal async Task CommandAsync(params string[] arguments)
    {
        var command = new RunningProgram("AuthServer", settings, arguments: arguments);
        command.Start();
        Assert.True(await command.ExitCodeAsync() is 0, command.Log);
    }

    /// <summary>A script for <c>sh</c> that runs this command; another program calls it when needed.</summary>
    internal async Task<string> CommandScriptAsync(params string[] arguments)
    {
        var script = Path.Combine(folder.FullName, $"{arguments[0]}.sh");
        string[] command = ["exec", "dotnet", Built.AuthServer, .. arguments];
        await File.WriteAllLinesAsync(script,
        [
            "unset ASPNETCORE_URLS",
            "export ASPNETCORE_ENVIRONMENT=Development",
            .. settings.Select(setting => $"export {setting.Key.Replace(":", "__", StringComparison.Ordinal)}='{setting.Value}'"),
            $"cd '{Path.Combine(Repository.Root, "AuthServer")}'",
            string.Join(' ', command),
        ]);
        return script;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in All)
        {
            await program.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private static string Person(string name) => $"""

          - name: {name}
            email: {name}@example.test
            email_confirmed: true
            display_name: {name}
            password: plain:{Walk.Password}
            roles: [{(name.StartsWith(Walk.Administrator, StringComparison.Ordinal) ? "admin" : "")}]

        """;

    private static string Origin(RunningProgram program) => program.Address.ToString().TrimEnd('/');

    private RunningProgram App(string name, string clientId, string secret, string scopes) =>
        new("SampleClient", new Dictionary<string, string>
        {
            ["App:Name"] = name,
            ["App:ClientId"] = clientId,
            ["App:ClientSecret"] = secret,
            ["App:Scopes"] = scopes,
            ["App:DataDirectory"] = Path.Combine(folder.FullName, name),
            ["Issuer:Authority"] = AuthServer.Address.ToString(),
            ["Api:BaseAddress"] = Api.Address.ToString(),
            ["Throttling:SignInsPerAddress"] = "100",
        });
}

using Rig;

namespace Bench;

internal enum Database
{
    Postgres,
    Sqlite,
}

/// <summary>A program that can be measured.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Settings">Its settings for a database, beside its address.</param>
internal sealed record Server(
    string Name, string[] Command, Func<DirectoryInfo, Database, string, (string Key, string? Value)[]> Settings)
{
    public const string Password = "Measured-by-the-bench-1";
    public const string Secret = "a secret of the benchmark, 32 characters or more";

    private const string Id = "bench";
    private const string User = "alice";

    /// <summary>AuthServer in the form that ships, made by <c>build.sh</c>.</summary>
    public static readonly Server AuthServer = Published("AuthServer", ShippedFolder);

    /// <summary>OpenIddict as its documentation sets it up.</summary>
    public static readonly Server Stock = new("Stock", ["dotnet", "exec", Built.Program("Stock")], (folder, database, connectionString) =>
    [
        ("Provider", database.ToString()),
        ("ConnectionStrings:Stock", connectionString),
        ("Keys", Path.Combine(folder.FullName, "keys.pem")),
    ]);

    /// <summary>node-oidc-provider. It introspects no JWT, so a second client with opaque tokens takes part in introspection.</summary>
    public static readonly Server Peer = new(
        "Peer", ["node", Path.Combine(Built.Root, "tests", "Bench", "Peer", "server.mjs")], (_, database, connectionString) =>
        [
            ("NODE_ENV", "production"),
            ("NODE_NO_WARNINGS", "1"),
            ("Provider", database.ToString()),
            ("ConnectionStrings:Peer", connectionString),
        ])
    {
        IntrospectingClient = "bench-opaque",
    };

    /// <summary>Django with simplejwt. It has no clients, so it takes part where a user signs in and refreshes.</summary>
    public static readonly Server Django = new(
        "Django", ["/usr/bin/python3", Path.Combine(Built.Root, "tests", "Bench", "Django", "start.py")], (folder, _, connectionString) =>
        [
            ("ConnectionStrings:Django", connectionString),
            ("Keys:File", Path.Combine(folder.FullName, "keys.pem")),
        ])
    {
        FirstSetting = ("Migrate", "true"),
        HasClients = false,
        SignIn = client => TokenAsync(client.PostAsync("api/token/", $"username={User}&password={Password}"), "refresh"),
        Refresh = (client, token) => TokenAsync(client.PostAsync("api/token/refresh/", $"refresh={token}"), "refresh"),
    };

    /// <summary>The servers that AuthServer is compared with, by the name of the command line.</summary>
    public static IReadOnlyDictionary<string, Server> Others { get; } =
        new Dictionary<string, Server> { ["peer"] = Peer, ["stock"] = Stock, ["django"] = Django };

    /// <summary>A setting for the first start on a database alone.</summary>
    public (string Key, string? Value)? FirstSetting { get; init; }

    /// <summary>The client whose access tokens can be introspected.</summary>
    public string IntrospectingClient { get; init; } = Id;

    /// <summary>False if it knows no client_credentials and no introspection.</summary>
    public bool HasClients { get; init; } = true;

    /// <summary>Signs the user in. Returns a refresh token.</summary>
    public Func<TokenClient, Task<string>> SignIn { get; init; } = client => TokenAsync(client.SignInAsync(), "refresh_token");

    /// <summary>Exchanges a refresh token for the next one.</summary>
    public Func<TokenClient, string, Task<string>> Refresh { get; init; } =
        (client, token) => TokenAsync(client.RefreshAsync(token), "refresh_token");

    private static string ShippedFolder => Environment.GetEnvironmentVariable("BENCH_AUTHSERVER")
        ?? Path.Combine(Built.Root, "artifacts", "publish", "AuthServer", "shipped");

    /// <summary>A published AuthServer.</summary>
    public static Server Published(string name, string published) => new(name, CommandOf(published), (folder, database, connectionString) =>
    [
        ("Connect:Issuer", "http://localhost:8400/"),
        ("Database:Provider", database.ToString()),
        ("ConnectionStrings:AuthServer", connectionString),
        ("Keys:AllowUnprotectedKeyRing", "true"),
        ("Throttling:Enabled", "false"),
        ("Passwords:MaxWait", "00:00:30"),
        ("Platform:File", PlatformFile(folder)),
        ("BENCH_SECRET", Secret),
        ("BENCH_PASSWORD", Password),
    ])
    {
        FirstSetting = ("Database:MigrateOnStart", "true"),
    };

    public static TokenClient NewClient(Uri address) => new(address, Id, Secret, User, Password, Id);

    /// <summary>A client whose access tokens this server can introspect.</summary>
    public TokenClient NewIntrospectingClient(Uri address) => new(address, IntrospectingClient, Secret, User, Password, Id);

    private static async Task<string> TokenAsync(Task<TokenAnswer> answer, string name) =>
        (await answer).Ok().Json.GetProperty(name).GetString()!;

    // A self-contained build brings its own host.
    private static string[] CommandOf(string folder) => File.Exists(Path.Combine(folder, "libcoreclr.so"))
        ? [Path.Combine(folder, "AuthServer")]
        : ["dotnet", "exec", Path.Combine(folder, "AuthServer.dll")];

    private static string PlatformFile(DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, "platform.yaml");
        File.WriteAllText(
            path,
            """
            apis: [{ resource: 'https://bench.example', scopes: [{ name: bench }] }]
            apps: [{ id: bench, secret: 'env:BENCH_SECRET', grants: [password, refresh_token, client_credentials], scopes: [bench, offline_access, admin.users.read, admin.sessions.read] }]
            users: [{ name: alice, email: alice@example.test, password: 'env:BENCH_PASSWORD' }]
            """);
        return path;
    }
}

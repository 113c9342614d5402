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
/// <param name="Settings">Its settings, beside its address and its database.</param>
/// <param name="Client">The client whose access tokens can be introspected.</param>
internal sealed record Server(
    string Name, string[] Command, Func<DirectoryInfo, Database, string, (string Key, string? Value)[]> Settings, string Client = Server.Id)
{
    public const string Password = "Measured-by-the-bench-1";
    public const string Secret = "a secret of the benchmark, 32 characters or more";

    private const string Id = "bench";

    /// <summary>AuthServer in the form that ships, made by <c>build.sh</c>; or another build of it, to compare two.</summary>
    public static readonly Server AuthServer = new("AuthServer", CommandOf(ShippedFolder), (folder, database, connectionString) =>
    [
        ("Connect:Issuer", "http://localhost:8400/"),
        ("Database:Provider", database.ToString()),
        ("Database:MigrateOnStart", "true"),
        ("ConnectionStrings:AuthServer", connectionString),
        ("Keys:AllowUnprotectedKeyRing", "true"),
        ("Throttling:Enabled", "false"),
        ("Passwords:MaxWait", "00:00:30"),
        ("Platform:File", PlatformFile(folder)),
        ("BENCH_SECRET", Secret),
        ("BENCH_PASSWORD", Password),
    ]);

    /// <summary>OpenIddict as its documentation sets it up.</summary>
    public static readonly Server Stock = new("Stock", ["dotnet", "exec", Built.Program("Stock")], (folder, database, connectionString) =>
    [
        ("Provider", database.ToString()),
        ("ConnectionStrings:Stock", connectionString),
        ("Keys", Path.Combine(folder.FullName, "keys.pem")),
    ]);

    /// <summary>node-oidc-provider. It introspects no JWT, so its tokens for introspection are those of a client with opaque ones.</summary>
    public static readonly Server Peer = new(
        "Peer", ["node", Path.Combine(Built.Root, "tests", "Bench", "Peer", "server.mjs")], (_, database, connectionString) =>
        [
            ("NODE_ENV", "production"),
            ("NODE_NO_WARNINGS", "1"),
            ("Provider", database.ToString()),
            ("ConnectionStrings:Peer", connectionString),
        ],
        Client: "bench-opaque");

    private static string ShippedFolder => Environment.GetEnvironmentVariable("BENCH_AUTHSERVER")
        ?? Path.Combine(Built.Root, "artifacts", "publish", "AuthServer", "shipped");

    public static TokenClient NewClient(Uri address) => new(address, Id, Secret, "alice", Password, Id);

    /// <summary>A client whose access tokens this server can introspect.</summary>
    public TokenClient NewIntrospectingClient(Uri address) => new(address, Client, Secret, "alice", Password, Id);

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
            apps: [{ id: bench, secret: 'env:BENCH_SECRET', grants: [password, refresh_token, client_credentials], scopes: [bench, offline_access] }]
            users: [{ name: alice, email: alice@example.test, password: 'env:BENCH_PASSWORD' }]
            """);
        return path;
    }
}

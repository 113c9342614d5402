using Rig;

namespace Bench;

internal enum Database
{
    Postgres,
    Sqlite,
}

/// <summary>A server that is measured, on a database of its own, and its costs.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private const string Password = "Measured-by-the-bench-1";
    private const string Secret = "a secret of the benchmark, 32 characters or more";

    /// <summary>AuthServer as published by <c>build.sh</c>, which is the form that ships.</summary>
    public static readonly string Shipped =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "publish", "AuthServer", "shipped", "AuthServer.dll"));

    private readonly ServerProcess process;
    private readonly PostgresCluster? cluster;
    private readonly DirectoryInfo folder;
    private readonly (string Key, string? Value)[] settings;

    private Subject(
        string name, ServerProcess process, PostgresCluster? cluster, DirectoryInfo folder, string database,
        (string, string?)[] settings, Uri address)
    {
        (Name, this.process, this.cluster, this.folder, ConnectionString, this.settings) =
            (name, process, cluster, folder, database, settings);
        Client = NewClient(address);
    }

    public string Name { get; }

    public TokenClient Client { get; }

    /// <summary>The connection string of its database.</summary>
    public string ConnectionString { get; }

    /// <summary>The largest memory of the server since its start.</summary>
    public double PeakMiB => ProcessCost.PeakResidentMiB(process.ProcessId);

    /// <summary>CPU time of the server and its database together.</summary>
    public TimeSpan Cpu =>
        ProcessCost.Cpu(process.ProcessId) + (cluster is null ? TimeSpan.Zero : ProcessCost.CpuOfTree(cluster.ProcessId));

    /// <summary>A cluster for the database; null if the database is a file.</summary>
    public static async Task<PostgresCluster?> ClusterAsync(Database database) =>
        database is Database.Postgres ? await PostgresCluster.StartAsync(durable: true) : null;

    public static async Task<Subject> StartAuthServerAsync(PostgresCluster? cluster, params (string Key, string? Value)[] more)
    {
        var (folder, database, settings) = await PrepareAuthServerAsync(cluster);
        return await StartAsync(Shipped, "AuthServer", cluster, folder, database, [.. settings, .. more]);
    }

    /// <summary>Runs a command of AuthServer on the same database.</summary>
    public async Task CommandAsync(params string[] arguments)
    {
        await using var command = ServerProcess.Start(["dotnet", "exec", Shipped, .. arguments], settings);
        if (await command.ExitCodeAsync() is not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)}: {command.Complaint}");
        }
    }

    /// <summary>
    /// Creates a folder and an empty database, in the folder or in the cluster. Also returns the settings for a server on them.
    /// </summary>
    public static async Task<(DirectoryInfo Folder, string Database, (string Key, string? Value)[] Settings)> PrepareAuthServerAsync(
        PostgresCluster? cluster)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var platform = Path.Combine(folder.FullName, "platform.yaml");
        await File.WriteAllTextAsync(
            platform,
            """
            apis: [{ resource: 'https://bench.example', scopes: [{ name: bench }] }]
            apps: [{ id: bench, secret: 'env:BENCH_SECRET', grants: [password, refresh_token, client_credentials], scopes: [bench, offline_access] }]
            users: [{ name: alice, email: alice@example.test, password: 'env:BENCH_PASSWORD' }]
            """);
        var database = await DatabaseAsync(cluster, folder);
        return (folder, database,
        [
            ("Connect:Issuer", "http://localhost:8400/"),
            ("Database:Provider", cluster is null ? "Sqlite" : "Postgres"),
            ("Database:MigrateOnStart", "true"),
            ("ConnectionStrings:AuthServer", database),
            ("Keys:AllowUnprotectedKeyRing", "true"),
            ("Throttling:Enabled", "false"),
            ("Passwords:MaxWait", "00:00:30"),
            ("Platform:File", platform),
            ("BENCH_SECRET", Secret),
            ("BENCH_PASSWORD", Password),
        ]);
    }

    public static TokenClient NewClient(Uri address) => new(address, "bench", Secret, "alice", Password, "bench");

    public static async Task<Subject> StartStockAsync(PostgresCluster? cluster)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var database = await DatabaseAsync(cluster, folder);
        return await StartAsync(Built.Program("Stock"), "Stock", cluster, folder, database,
            ("Provider", cluster is null ? "Sqlite" : "Postgres"),
            ("ConnectionStrings:Stock", database));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static async Task<string> DatabaseAsync(PostgresCluster? cluster, DirectoryInfo folder) =>
        cluster is null ? $"Data Source={Path.Combine(folder.FullName, "bench.db")}" : await cluster.CreateDatabaseAsync();

    private static async Task<Subject> StartAsync(
        string program, string name, PostgresCluster? cluster, DirectoryInfo folder, string database, params (string, string?)[] settings)
    {
        var process = ServerProcess.Start(["dotnet", "exec", program], settings);
        using var http = await process.HttpAsync();
        return new Subject(name, process, cluster, folder, database, settings, http.BaseAddress!);
    }
}

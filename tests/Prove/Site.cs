using Rig;

namespace Prove;

/// <summary>AuthServer as in production: nodes that share a database, with one confidential app and one user.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Secret = "a secret of the proof, 32 characters or more";
    public const string Password = "Proven-by-experiment-1";
    public const string Scope = "prove";

    private const int MostTold = 2;
    private const int LongestTold = 3000;

    /// <summary>New keys every 5 seconds, in the environment where keys need not be announced for minutes.</summary>
    public static readonly IReadOnlyList<(string Key, string? Value)> RotatingKeys =
    [
        ("ASPNETCORE_ENVIRONMENT", "Development"),
        ("Connect:AccessTokenLifetime", "00:01:00"),
        ("Keys:RotationInterval", "00:00:05"),
        ("Keys:AnnouncementTime", "00:00:03"),
        ("Keys:PollInterval", "00:00:00.5"),
        ("Keys:JwksCacheTime", "00:00:00"),
        ("Keys:Overlap", "00:00:05"),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prove-");

    private Site(Store store, int nodes, (string Key, string? Value)[] settings)
    {
        Store = store;
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => new Node(
            isFirst => Start(isFirst, settings),
            address => new TokenClient(address, "prove", Secret, "alice", Password, Scope, Patience)))];
    }

    public Store Store { get; }

    public IReadOnlyList<Node> Nodes { get; }

    /// <param name="store">The database of the nodes.</param>
    /// <param name="nodes">How many nodes to start.</param>
    /// <param name="settings">The settings of every node. Throttling is off by default, because the whole load comes from one
    /// address.</param>
    public static async Task<Site> StartAsync(Store store, int nodes, params (string Key, string? Value)[] settings)
    {
        var site = new Site(store, nodes, settings);
        await site.Nodes[0].StartAsync(isFirst: true);
        await Task.WhenAll(site.Nodes.Skip(1).Select(node => node.StartAsync()));
        return site;
    }

    public Node Any(Random chance) => Nodes[chance.Next(Nodes.Count)];

    public void ClaimNoFaults(Findings findings)
    {
        var faults = Nodes.SelectMany(node => node.Faults).ToList();
        foreach (var fault in faults.Take(MostTold))
        {
            findings.Say($"logged: {fault[..Math.Min(fault.Length, LongestTold)]}");
        }

        findings.Claim(faults.Count is 0, $"no exception is logged ({faults.Count} are)");
    }

    /// <summary>Runs a command of the server, such as <c>audit verify</c>.</summary>
    public async Task<(int Code, string Output)> CommandAsync(params string[] arguments)
    {
        await using var command = Start(isFirst: false, [], arguments);
        return (await command.ExitCodeAsync(), command.Complaint + command.Log);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private ServerProcess Start(bool isFirst, (string Key, string? Value)[] settings, params string[] arguments)
    {
        var platform = Path.Combine(folder.FullName, "platform.yaml");
        File.WriteAllText(
            platform,
            $$"""
            apis: [{ resource: 'https://prove.example', scopes: [{ name: {{Scope}} }] }]
            apps: [{ id: prove, secret: 'env:PROVE_SECRET', grants: [password, refresh_token, client_credentials], scopes: [{{Scope}}, offline_access] }]
            users: [{ name: alice, email: alice@example.test, password: 'env:PROVE_PASSWORD' }]
            """);
        return ServerProcess.Start(
            ["dotnet", "exec", Built.Program("AuthServer"), .. arguments],
            [
                ("Connect:Issuer", "http://localhost:8400/"),
                ("Database:Provider", Store.Provider),
                ("ConnectionStrings:AuthServer", Store.ConnectionString),
                ("Database:MigrateOnStart", $"{isFirst}"),
                ("Platform:File", isFirst ? platform : null),
                ("PROVE_SECRET", Secret),
                ("PROVE_PASSWORD", Password),
                ("Keys:AllowUnprotectedKeyRing", "true"),
                ("Throttling:Enabled", "false"),
                ("Serilog:MinimumLevel:Default", "Warning"),
                .. settings,
            ]);
    }
}

using System.Net;
using Rig;

namespace Prove;

/// <summary>A node of AuthServer: one process, and after a kill the process that replaces it.</summary>
internal sealed class Node(Func<bool, ServerProcess> start, Func<Uri, TokenClient> connect) : IAsyncDisposable
{
    private readonly List<TokenClient> clients = [];
    private readonly List<string> faults = [];
    private ServerProcess process = null!;

    /// <summary>Connects to the running process; after a kill, to the killed one until the next one listens.</summary>
    public TokenClient Client { get; private set; } = null!;

    public int ProcessId => process.ProcessId;

    public bool HasExited => process.HasExited;

    /// <summary>The exceptions that its processes have logged. An unreachable database is logged without one.</summary>
    public IEnumerable<string> Faults => [.. faults, .. FaultsOf(process)];

    /// <param name="isFirst">True for the first node on its database: it creates schema and users.</param>
    public async Task StartAsync(bool isFirst = false)
    {
        process = start(isFirst);
        using var http = await process.HttpAsync();
        clients.Add(connect(http.BaseAddress!));
        Client = clients[^1];
    }

    public async Task KillAsync()
    {
        await process.KillAsync();
        faults.AddRange(FaultsOf(process));
        await process.DisposeAsync();
    }

    public async Task<bool> IsReadyAsync() => await Client.GetAsync("health/ready") is HttpStatusCode.OK;

    public async Task<bool> IsLiveAsync() => await Client.GetAsync("health/live") is HttpStatusCode.OK;

    public async ValueTask DisposeAsync()
    {
        // Not earlier: a caller may still wait for the answer of a killed process.
        clients.ForEach(client => client.Dispose());
        await process.DisposeAsync();
    }

    private static IEnumerable<string> FaultsOf(ServerProcess process) =>
        process.Log.Split('\n').Where(line =>
            line.Contains("\"@x\":", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
}

using System.Net;
using Rig;

namespace Prove;

/// <summary>A place where AuthServer runs: one process, and after a kill the one that takes over.</summary>
internal sealed class Node(Func<bool, ServerProcess> start, Func<Uri, TokenClient> connect) : IAsyncDisposable
{
    private readonly List<TokenClient> clients = [];
    private readonly List<string> faults = [];
    private ServerProcess process = null!;

    /// <summary>Reaches the process that runs, or the one that was killed until the next one listens.</summary>
    public TokenClient Client { get; private set; } = null!;

    public int ProcessId => process.ProcessId;

    public bool HasExited => process.HasExited;

    /// <summary>Exceptions that its processes have logged. That the database is away is told without one.</summary>
    public IEnumerable<string> Faults => [.. faults, .. FaultsOf(process)];

    /// <param name="isFirst">Of all on its database: it brings schema and users.</param>
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
        // Not before: somebody may still wait for the answer of a killed one.
        clients.ForEach(client => client.Dispose());
        await process.DisposeAsync();
    }

    private static IEnumerable<string> FaultsOf(ServerProcess process) =>
        process.Log.Split('\n').Where(line =>
            line.Contains("\"@x\":", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
}

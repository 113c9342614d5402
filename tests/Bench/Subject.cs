using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rig;

namespace Bench;

/// <summary>
/// A running server with an empty database of its own, and its costs. On PostgreSQL, the database has a cluster of its own, too: the
/// cluster works on after the requests of one server (checkpoints, vacuum), and another server must not pay for that.
/// </summary>
internal sealed class Subject : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Server server;
    private readonly PostgresCluster? cluster;
    private readonly DirectoryInfo folder;
    private readonly (string Key, string? Value)[] settings;
    private readonly Uri address;
    private ServerProcess process;

    private Subject(
        Server server, PostgresCluster? cluster, DirectoryInfo folder, string database, (string, string?)[] settings, Uri address)
    {
        (this.server, this.cluster, this.folder, ConnectionString, this.settings, this.address) =
            (server, cluster, folder, database, settings, address);
        (process, Client, IntrospectingClient) = Start(server.FirstSetting is { } first ? [.. settings, first] : settings);
    }

    public string Name => server.Name;

    public Uri Address => address;

    public TokenClient Client { get; private set; }

    /// <inheritdoc cref="Server.NewIntrospectingClient"/>
    public TokenClient IntrospectingClient { get; private set; }

    /// <summary>The connection string of its database.</summary>
    public string ConnectionString { get; }

    /// <summary>The memory of the server now, in MiB.</summary>
    public double ResidentMiB => ProcessCost.ResidentMiBOfTree(process.ProcessId);

    /// <summary>The largest memory of the server since its start, in MiB.</summary>
    public double PeakMiB => ProcessCost.PeakResidentMiBOfTree(process.ProcessId);

    /// <summary>CPU time of the server and its database together.</summary>
    public TimeSpan Cpu => ServerCpu + (cluster is null ? TimeSpan.Zero : ProcessCost.CpuOfTree(cluster.ProcessId));

    /// <summary>CPU time of the server since its start.</summary>
    public TimeSpan ServerCpu => ProcessCost.CpuOfTree(process.ProcessId);

    /// <summary>Thread switches of the server since its start.</summary>
    public long Switches => ProcessCost.SwitchesOfTree(process.ProcessId);

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<Subject> StartAsync(Server server, Database database, params (string Key, string? Value)[] more)
    {
        var folder = Directory.CreateTempSubdirectory("bench-");
        var cluster = database is Database.Postgres ? await PostgresCluster.StartAsync(durable: true) : null;
        var connectionString = cluster is null
            ? $"Data Source={Path.Combine(folder.FullName, "bench.db")}"
            : await cluster.CreateDatabaseAsync();
        var address = FreeAddress();
        var subject = new Subject(
            server, cluster, folder, connectionString,
            [.. server.Settings(folder, database, connectionString), ("Urls", address.GetLeftPart(UriPartial.Authority)),
                ("ASPNETCORE_ENVIRONMENT", "Production"), .. more],
            address);
        await subject.UntilReadyAsync();
        return subject;
    }

    /// <summary>
    /// Ends the process and starts another one on the same database. Returns when that one is ready, with the time this took.
    /// </summary>
    public async Task<TimeSpan> RestartAsync()
    {
        await StopAsync();
        var clock = Stopwatch.StartNew();
        (process, Client, IntrospectingClient) = Start(settings);
        await UntilReadyAsync();
        return clock.Elapsed;
    }

    /// <inheritdoc cref="Server.SignIn"/>
    public Task<string> SignInAsync() => server.SignIn(Client);

    /// <inheritdoc cref="Server.Refresh"/>
    public Task<string> RefreshAsync(string token) => server.Refresh(Client, token);

    /// <summary>Runs a command of AuthServer on the same database.</summary>
    public async Task CommandAsync(params string[] arguments)
    {
        await using var command = ServerProcess.Start([.. server.Command, .. arguments], settings);
        if (await command.ExitCodeAsync() is not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)}: {command.Complaint}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private (ServerProcess, TokenClient, TokenClient) Start((string, string?)[] with) =>
        (ServerProcess.Start(server.Command, with), Server.NewClient(address), server.NewIntrospectingClient(address));

    private async Task StopAsync()
    {
        Client.Dispose();
        IntrospectingClient.Dispose();
        await process.DisposeAsync();
    }

    // The address is chosen beforehand, because reading it from the log would add to the measured time.
    private async Task UntilReadyAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        for (var clock = Stopwatch.StartNew(); !await IsReadyAsync(http); await Task.Delay(5))
        {
            if (process.HasExited || clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{Name} does not start: {process.Complaint}{process.Log}");
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}

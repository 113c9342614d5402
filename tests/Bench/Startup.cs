using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rig;

namespace Bench;

/// <summary>
/// Starts a server on a database that already has its schema, keys and platform, as every start in production but the first.
/// Measures the time until it is ready, the time until its first token, and its memory then.
/// </summary>
internal static class Startup
{
    public const string Name = "startup";

    private const double ReadyTarget = 700;
    private const double TokenTarget = 1500;
    private const double ResidentTarget = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<bool> RunAsync(IReadOnlyList<Database> databases, int starts)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {starts} starts, medians; targets {ReadyTarget} ms, {TokenTarget} ms, {ResidentTarget} MiB"));
        Console.WriteLine($"{"database",-10} {"ready ms",10} {"CPU ms",10} {"token ms",10} {"CPU ms",10} {"MiB",10}");
        var met = true;
        foreach (var database in databases)
        {
            await using var cluster = await Subject.ClusterAsync(database);
            var (folder, _, settings) = await Subject.PrepareAuthServerAsync(cluster);
            await StartAsync(settings);
            var all = new List<Start>();
            for (var i = 0; i < starts; i++)
            {
                all.Add(await StartAsync([.. settings, ("Database:MigrateOnStart", cluster is null ? null : "false")]));
            }

            folder.Delete(recursive: true);
            var median = new Start(
                Median(all, start => start.Ready), Median(all, start => start.ReadyCpu),
                Median(all, start => start.Token), Median(all, start => start.TokenCpu), Median(all, start => start.ResidentMiB));
            met &= median.Ready <= ReadyTarget && median.Token <= TokenTarget && median.ResidentMiB <= ResidentTarget;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{database,-10} {median.Ready,10:0} {median.ReadyCpu,10:0} {median.Token,10:0} {median.TokenCpu,10:0} "
                + $"{median.ResidentMiB,10:0}"));
        }

        return met;
    }

    // Times are in milliseconds since the start of the process.
    private sealed record Start(double Ready, double ReadyCpu, double Token, double TokenCpu, double ResidentMiB);

    private static async Task<Start> StartAsync((string Key, string? Value)[] settings)
    {
        // The address is chosen beforehand, because reading it from the log would add to the measured time.
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var client = Subject.NewClient(address);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var clock = Stopwatch.StartNew();
        await using var process = ServerProcess.Start(
            ["dotnet", "exec", Subject.Shipped], [.. settings, ("Urls", address.AbsoluteUri), ("ASPNETCORE_ENVIRONMENT", "Production")]);
        while (!await IsReadyAsync(http))
        {
            if (process.HasExited || clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"The server does not start: {process.Complaint}");
            }

            await Task.Delay(5);
        }

        var (ready, readyCpu) = (clock.Elapsed, ProcessCost.Cpu(process.ProcessId));
        (await client.SignInAsync()).Ok();
        return new Start(
            ready.TotalMilliseconds, readyCpu.TotalMilliseconds,
            clock.Elapsed.TotalMilliseconds, ProcessCost.Cpu(process.ProcessId).TotalMilliseconds,
            ProcessCost.ResidentMiB(process.ProcessId));
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double Median(List<Start> all, Func<Start, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
}

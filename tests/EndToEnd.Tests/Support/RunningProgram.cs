using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rig;

namespace EndToEnd.Tests.Support;

/// <summary>One of the programs as a separate process, which can be killed and started again on the same data.</summary>
/// <param name="project">The project of the program.</param>
/// <param name="settings">The settings by their keys. The environment is Development unless they set another.</param>
/// <param name="folder">The working directory; by default the folder of its source.</param>
/// <param name="arguments">The arguments of its command line.</param>
internal sealed class RunningProgram(string project, Dictionary<string, string> settings, string? folder = null, string[]? arguments = null)
    : IAsyncDisposable
{
    // The first start creates keys and users, on a machine that may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly ConcurrentQueue<string> log = new();
    private Process? process;

    public Uri Address { get; } = FreeAddress();

    /// <summary>Everything that the program has written.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>An address at which nothing listens yet.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public async Task StartAsync()
    {
        Start();
        await WaitUntilReadyAsync();
    }

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet", [project is "AuthServer" ? Built.AuthServer : Built.Program(project), .. arguments ?? []])
        {
            WorkingDirectory = folder ?? Path.Combine(Repository.Root, project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts it again on the same data and address, with these settings changed.</summary>
    public async Task RestartAsync(params (string Key, string Value)[] changes)
    {
        await KillAsync();
        foreach (var (key, value) in changes)
        {
            settings[key] = value;
        }

        await StartAsync();
    }

    /// <summary>Asks it to stop, as docker and systemd do.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        return await ExitCodeAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await process!.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task WaitUntilReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
            }

            if (process!.HasExited || watch.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{project} did not become ready:\n{Log}");
            }

            await Task.Delay(100);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            log.Enqueue(line);
        }
    }
}

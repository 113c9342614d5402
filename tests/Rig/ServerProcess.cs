using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Rig;

/// <summary>A server as it is started in production: a separate process, in an empty working directory, on a free port.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // An interrupted run must not leave servers behind.
    private static readonly ConcurrentDictionary<ServerProcess, bool> Running = new();
    private static volatile bool isEnding;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-process-");
    private readonly Output log = new();
    private readonly Output errors = new();
    private readonly Process process;

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        isEnding = true;
        foreach (var server in Running.Keys)
        {
            server.process.Kill();
        }
    };

    private ServerProcess(string[] command, (string Key, string? Value)[] settings)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += log.Add;
        process.ErrorDataReceived += errors.Add;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Running[this] = true;
        if (isEnding)
        {
            process.Kill();
        }
    }

    /// <summary>Its output to standard error.</summary>
    public string Complaint => errors.Text;

    /// <summary>Its log. If it is long, only the last lines.</summary>
    public string Log => log.Text;

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="settings">The settings with their keys, such as <c>Connect:Issuer</c>.</param>
    public static ServerProcess Start(string[] command, params (string Key, string? Value)[] settings) =>
        new(command, [("Urls", "http://127.0.0.1:0"), ("Management:Url", "http://127.0.0.1:0"), .. settings]);

    /// <summary>Waits until the server listens; it then has its schema and its keys.</summary>
    public async Task<HttpClient> HttpAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !process.HasExited; await Task.Delay(50))
        {
            if (Listening().Match(log.Text) is { Success: true } match)
            {
                return new HttpClient { BaseAddress = new Uri(match.Groups["address"].Value) };
            }
        }

        throw new InvalidOperationException($"The server does not listen: {Complaint}{log.Text}");
    }

    /// <summary>Waits until the log contains <paramref name="text"/>, and returns the lines of the log.</summary>
    public async Task<string[]> LogAsync(string text)
    {
        for (var clock = Stopwatch.StartNew(); !log.Text.Contains(text, StringComparison.Ordinal); await Task.Delay(50))
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"The log does not say '{text}': {log.Text}");
            }
        }

        return log.Text.Split('\n');
    }

    public async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Ends it as a crash would, whatever it is doing.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        Running.TryRemove(this, out _);
        process.Dispose();
        folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"Now listening on: \\?""?(?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Listening();
}

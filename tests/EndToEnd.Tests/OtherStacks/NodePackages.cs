using System.Diagnostics;

namespace EndToEnd.Tests.OtherStacks;

/// <summary>
/// The Node programs beside the tests, with the packages of their lock file and the module that the documentation shows.
/// </summary>
public sealed class NodePackages : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "OtherStacks", "node");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "snippet.mjs"), Documentation.Block("Other stacks", "js"));
        var (exitCode, output) = await RunAsync("npm", ["ci", "--prefer-offline"]);
        Assert.True(exitCode is 0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>Its exit code, and its output in the Test Anything Protocol.</returns>
    internal static Task<(int ExitCode, string Output)> RunAsync(string program, params (string Name, string Value)[] environment) =>
        RunAsync("node", ["--test-reporter=tap", program], environment);

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        return (process.ExitCode, await errors + await output);
    }
}

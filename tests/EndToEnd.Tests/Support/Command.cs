using System.Diagnostics;

namespace EndToEnd.Tests.Support;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="folder">The working directory.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <returns>Its exit code and its output, standard error first.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string[] command, string input = "")
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
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

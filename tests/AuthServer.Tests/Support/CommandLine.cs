using System.Diagnostics;
using Rig;

namespace AuthServer.Tests.Support;

/// <summary>The program as an operator runs it, with its own SQLite file and folder, which are deleted with it.</summary>
internal sealed class CommandLine : IDisposable
{

    // A migrated database, created once per run.
    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authserver-cli-");

    public string Environment { get; init; } = "Development";

    /// <summary>A file in the folder, unless another path is given.</summary>
    public string DatabasePath { get => field ?? Path.Combine(folder.FullName, "authserver.db"); init; }

    /// <returns>The path of a file in the folder with this text.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A command line whose database has its schema.</summary>
    public static async Task<CommandLine> MigratedAsync(string environment = "Development")
    {
        var cli = new CommandLine { Environment = environment };
        await File.WriteAllBytesAsync(cli.DatabasePath, await Migrated.Value);
        return cli;
    }

    public Task<Outcome> RunAsync(params string[] args) => RunAsync(input: "", args);

    public async Task<Outcome> RunAsync(string input, string[] args, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Built.AuthServer, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = Environment,
                ["ConnectionStrings__AuthServer"] = $"Data Source={DatabasePath}",
                ["Connect__Issuer"] = "http://localhost:8400/",
                ["Keys__AllowUnprotectedKeyRing"] = "true",
            },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{string.Join(' ', args)}' did not end: {await output}{await error}");
        }

        return new Outcome(process.ExitCode, await output, await error);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task<byte[]> MigrateAsync()
    {
        using var cli = new CommandLine();
        (await cli.RunAsync("migrate")).AssertOk();
        return await File.ReadAllBytesAsync(cli.DatabasePath);
    }
}

internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public Outcome AssertOk()
    {
        Assert.True(ExitCode is 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return this;
    }

    /// <summary>Asserts exit code 1, this message on standard error, and no stack trace.</summary>
    public Outcome AssertFailed(string message)
    {
        Assert.Equal(1, ExitCode);
        Assert.Contains(message, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Output + Error, StringComparison.Ordinal);
        return this;
    }
}

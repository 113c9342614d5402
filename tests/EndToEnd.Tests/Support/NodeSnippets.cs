using System.Diagnostics;

namespace EndToEnd.Tests.Support;

/// <summary>A copy of <c>docs/snippets/node</c> with the packages of its lock file.</summary>
internal static class NodeSnippets
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string>> Folder = new(CopyAsync);

    public static Task<string> InstallAsync() => Folder.Value;

    public static async Task<Process> StartAsync(string program, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("node", [program]) { WorkingDirectory = await InstallAsync() };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<string> CopyAsync()
    {
        var source = Path.Combine(Repository.Snippets, "node");
        var copy = Path.Combine(AppContext.BaseDirectory, "snippets-node");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        var start = new ProcessStartInfo("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = copy,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var npm = Process.Start(start)!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(npm.ExitCode is 0, await output + await errors);
        return copy;
    }
}

using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Platform;

namespace AuthServer.CommandLine;

internal static class ApplyCommand
{
    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "The platform file (YAML)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and do nothing." };
        var command = new Command("apply", "Make APIs, apps, roles and users what a platform file says: all of it or nothing.") { file, dryRun };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(services =>
            RunAsync(services.GetRequiredService<PlatformApplier>(), result.GetRequiredValue(file), result.GetValue(dryRun), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(PlatformApplier applier, string file, bool dryRun, CancellationToken cancellationToken)
    {
        ApplyReport report;
        try
        {
            report = await applier.ApplyAsync(file, keep: !dryRun, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{file} cannot be read: {exception.Message}");
        }

        foreach (var problem in report.Problems)
        {
            await Console.Error.WriteLineAsync(problem.ToString(file));
        }

        if (report.Problems.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{report.Problems.Count} problems; nothing was changed.");
            return 1;
        }

        foreach (var change in report.Changes)
        {
            Console.WriteLine(change);
        }

        Console.WriteLine(dryRun ? $"{report} (dry run: nothing was changed)" : report.ToString());
        return 0;
    }
}

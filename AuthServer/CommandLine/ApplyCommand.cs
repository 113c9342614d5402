using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Platform;

namespace AuthServer.CommandLine;

internal static class ApplyCommand
{
    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("file") { Description = "The platform file (YAML)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var recreate = new Option<string[]>("--recreate")
        {
            Description = "Create an app or a user again that was deleted here. "
                + "Takes the app's id, or the key or name of the user's entry; may be given several times.",
            DefaultValueFactory = _ => [],
        };
        var command =
            new Command("apply", "Apply a platform file: APIs, apps, roles and users. All of it or nothing.") { file, dryRun, recreate };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(services => RunAsync(
            services.GetRequiredService<PlatformApplier>(), result.GetRequiredValue(file), result.GetValue(dryRun),
            result.GetValue(recreate)!, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        PlatformApplier applier, string file, bool dryRun, string[] recreate, CancellationToken cancellationToken)
    {
        ApplyReport report;
        try
        {
            using var progress = new ProgressLine();
            report = await applier.ApplyAsync(file, keep: !dryRun, cancellationToken, recreate, progress.Tell);
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
            await Console.Error.WriteLineAsync($"{TextFormat.Count(report.Problems.Count, "problem")}; nothing was changed.");
            return 1;
        }

        foreach (var warning in report.Warnings)
        {
            await Console.Error.WriteLineAsync(warning.ToString(file));
        }

        foreach (var line in report.Changes.Concat(report.Kept))
        {
            Console.WriteLine(TextFormat.Text(line));
        }

        Console.WriteLine(dryRun ? $"{report} (dry run: nothing was changed)" : report.ToString());
        return 0;
    }
}

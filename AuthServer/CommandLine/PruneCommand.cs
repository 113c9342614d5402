using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Pruning;

namespace AuthServer.CommandLine;

internal static class PruneCommand
{
    public static Command Create(CommandHost host)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted." };
        var command = new Command("prune", "Delete what expired long enough ago, as the server does by itself.") { dryRun };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var pruning = services.GetRequiredService<PruningRun>();
            if (result.GetValue(dryRun))
            {
                Console.WriteLine($"{await pruning.CountAsync(cancellationToken)} (dry run: nothing was changed)");
                return 0;
            }

            var report = new PruneReport();
            if (!await pruning.RunAsync(report, cancellationToken))
            {
                throw new OperatorException("A server or another 'AuthServer prune' is pruning; nothing was done.");
            }

            Console.WriteLine(report);
            return 0;
        }));
        return command;
    }
}

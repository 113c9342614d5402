using System.CommandLine;
using AuthServer.Data;

namespace AuthServer.CommandLine;

internal static class MigrateCommand
{
    /// <summary>The exit code of <c>--check</c> if migrations are pending, so that a script can tell this from an error.</summary>
    private const int ArePending = 2;

    public static Command Create(CommandHost host)
    {
        var check = new Option<bool>("--check")
        {
            Description = "Change nothing, only list the pending migrations: "
                + "exit code 0 if there are none, 2 if there are some, 1 after an error.",
        };
        var command = new Command("migrate", "Bring the database schema up to date. Safe from several replicas at once.") { check };
        command.SetAction((result, cancellationToken) => host.RunAsync(services =>
        {
            var migrator = services.GetRequiredService<DatabaseMigrator>();
            return result.GetValue(check) ? CheckAsync(migrator, cancellationToken) : MigrateAsync(migrator, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> CheckAsync(DatabaseMigrator migrator, CancellationToken cancellationToken)
    {
        var pending = await migrator.CheckAsync(cancellationToken);
        if (pending.Count is 0)
        {
            Console.WriteLine("The schema is up to date.");
            return 0;
        }

        foreach (var migration in pending)
        {
            Console.WriteLine($"pending {migration}");
        }

        Console.WriteLine($"{TextFormat.Count(pending.Count, "migration")} pending: run 'AuthServer migrate'.");
        return ArePending;
    }

    private static async Task<int> MigrateAsync(DatabaseMigrator migrator, CancellationToken cancellationToken)
    {
        var applied = await migrator.MigrateAsync(cancellationToken);
        foreach (var migration in applied)
        {
            Console.WriteLine($"applied {migration}");
        }

        Console.WriteLine(applied.Count is 0 ? "The schema is up to date." : $"{TextFormat.Count(applied.Count, "migration")} applied.");
        if (await migrator.AdviceAsync(cancellationToken) is { } advice)
        {
            await Console.Error.WriteLineAsync(advice);
        }

        return 0;
    }
}

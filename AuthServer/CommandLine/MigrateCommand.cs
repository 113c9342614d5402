using System.CommandLine;
using AuthServer.Data;

namespace AuthServer.CommandLine;

internal static class MigrateCommand
{
    public static Command Create(CommandHost host)
    {
        var command = new Command("migrate", "Bring the database schema up to date. Safe from several replicas at once.");
        command.SetAction((_, cancellationToken) => host.RunAsync(async services =>
        {
            var migrator = services.GetRequiredService<DatabaseMigrator>();
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
        }));
        return command;
    }
}

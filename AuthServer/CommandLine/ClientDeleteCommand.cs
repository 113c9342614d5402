using System.CommandLine;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class ClientDeleteCommand
{
    public static Command Create(CommandHost host)
    {
        var id = ClientCommands.Id();
        var yes = OptionValues.Yes();
        var command = new Command(
            "delete", "Delete an app for good, with its tokens. Takes effect on running servers within ten seconds.") { id, yes };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var apps = services.GetRequiredService<AppOperations>();
            var client = (await apps.FindAsync(result.GetRequiredValue(id), cancellationToken)).Client;
            if (!result.GetValue(yes))
            {
                var count = await apps.CountSignInsAsync(client, cancellationToken);
                Console.WriteLine(
                    $"{client.ClientId} would be deleted, and {TextFormat.Count(count, "sign-in")} to it would end. "
                    + "Nothing was done: --yes does it.");
                return 1;
            }

            await apps.DeleteAsync(client.ClientId!, CancellationToken.None);
            Console.WriteLine($"deleted {client.ClientId}");
            return 0;
        }));
        return command;
    }
}

using System.CommandLine;
using AuthServer.Operations;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

internal static class UserDeleteCommand
{
    public static Command Create(CommandHost host)
    {
        var name = UserCommands.Name();
        var yes = OptionValues.Yes();
        var command = new Command("delete", "Delete a user for good, with all their data. Ends their sign-ins.") { name, yes };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await UserCommands.FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            if (!result.GetValue(yes))
            {
                var count = await services.GetRequiredService<SessionQueries>().Active(new SessionFilter { User = user.Id })
                    .CountAsync(cancellationToken);
                Console.WriteLine(
                    $"{user.UserName} ({user.Email}) would be deleted, with {TextFormat.Count(count, "active session")}. "
                    + "Nothing was done: --yes does it.");
                return 1;
            }

            await services.GetRequiredService<UserOperations>().DeleteAsync(user.Id, null, CancellationToken.None);
            Console.WriteLine($"deleted {user.UserName} {user.Id}");
            return 0;
        }));
        return command;
    }
}

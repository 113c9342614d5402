using System.CommandLine;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class UserResetFactorsCommand
{
    public static Command Create(CommandHost host)
    {
        var name = UserCommands.Name();
        var yes = OptionValues.Yes();
        var command = new Command(
            "reset-factors",
            "Remove a user's authenticator app, recovery codes and passkeys, for a user who lost all of them. "
            + "Ends the user's sign-ins and sends the user a mail.") { name, yes };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await UserCommands.FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            var users = services.GetRequiredService<UserOperations>();
            var (hasApp, count) = await users.FactorsAsync(user.Id, cancellationToken);
            var app = hasApp ? "the authenticator app with its recovery codes" : "no authenticator app";
            var what = $"{app} and {TextFormat.Count(count, "passkey")}";
            if (!result.GetValue(yes))
            {
                Console.WriteLine($"{user.UserName} ({user.Email}) would lose {what}, and all sign-ins. Nothing was done: --yes does it.");
                return 1;
            }

            await users.ResetFactorsAsync(user.Id, CancellationToken.None);
            Console.WriteLine($"reset-factors {user.UserName}: removed {what}");
            return 0;
        }));
        return command;
    }
}

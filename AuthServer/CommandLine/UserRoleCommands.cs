using System.CommandLine;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

/// <summary><c>user role add|remove</c>. Tokens show the change from the next refresh or sign-in on.</summary>
internal static class UserRoleCommands
{
    public static Command Create(CommandHost host) => new("role", "Give a role to a user, or take it away.")
    {
        On(host, "add", "Give a user a role.", "added", (users, id, role, token) => users.GiveRoleAsync(id, role, token)),
        On(
            host,
            "remove",
            "Take a role away from a user. A platform file does not give it back.",
            "removed",
            (users, id, role, token) => users.TakeRoleAsync(id, role, token)),
    };

    private static Command On(
        CommandHost host, string verb, string description, string done,
        Func<UserOperations, Guid, string, CancellationToken, Task<string>> change)
    {
        var name = UserCommands.Name();
        var role = new Argument<string>("role") { Description = "The name of the role." };
        var command = new Command(verb, description) { name, role };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await UserCommands.FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            var changed = await change(
                services.GetRequiredService<UserOperations>(), user.Id, result.GetRequiredValue(role), cancellationToken);
            Console.WriteLine($"{done} role {changed}: {user.UserName}");
            return 0;
        }));
        return command;
    }
}

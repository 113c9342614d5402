using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.CommandLine;

/// <summary><c>user role add|remove</c>. Tokens show the change from the next refresh or sign-in on.</summary>
internal static class UserRoleCommands
{
    public static Command Create(CommandHost host) => new("role", "Give a role to a user, or take it away.")
    {
        On(host, "add", "Give a user a role.", "added", (users, user, role) => users.AddToRoleAsync(user, role), isAddition: true),
        On(
            host,
            "remove",
            "Take a role away from a user. A platform file does not give it back.",
            "removed",
            (users, user, role) => users.RemoveFromRoleAsync(user, role),
            isAddition: false),
    };

    private static Command On(
        CommandHost host, string verb, string description, string done,
        Func<UserManager<User>, User, string, Task<IdentityResult>> change, bool isAddition)
    {
        var name = UserCommands.Name();
        var role = new Argument<string>("role") { Description = "The name of the role." };
        var command = new Command(verb, description) { name, role };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await UserCommands.FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            var known = await services.GetRequiredService<RoleManager<Role>>().FindByNameAsync(result.GetRequiredValue(role))
                ?? throw new OperatorException($"There is no role '{result.GetRequiredValue(role)}'.");
            var users = services.GetRequiredService<UserManager<User>>();
            if (await users.IsInRoleAsync(user, known.Name!) == isAddition)
            {
                throw new OperatorException(
                    $"{user.UserName} {(isAddition ? "has the role already" : "does not have the role")}: {known.Name}.");
            }

            UserCommands.Check(await change(users, user, known.Name!));
            Console.WriteLine($"{done} role {known.Name}: {user.UserName}");
            return 0;
        }));
        return command;
    }
}

using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Operations;
using AuthServer.Users;

namespace AuthServer.CommandLine;

/// <summary><c>user</c> and its subcommands.</summary>
internal static class UserCommands
{
    public static Command Create(CommandHost host) => new("user", "Manage users.")
    {
        UserAddCommand.Create(host),
        UserListCommand.Create(host),
        UserShowCommand.Create(host),
        Rename(host),
        UserRoleCommands.Create(host),
        On(
            host,
            "passwd",
            "Set a password, read from the terminal or standard input. Ends the user's sign-ins.",
            (users, id, token) => users.SetPasswordAsync(id, PasswordInput.Read(), token)),
        On(
            host, "lock", "Lock an account until it is unlocked. Ends the user's sign-ins.", (users, id, token) => users.LockAsync(id, token)),
        On(
            host, "unlock", "Unlock an account, including one locked by failed attempts.", (users, id, token) => users.UnlockAsync(id, token)),
        UserResetFactorsCommand.Create(host),
        UserDeleteCommand.Create(host),
    };

    /// <summary>The argument that names one user.</summary>
    public static Argument<string> Name() => new("user") { Description = "The user name or email address." };

    /// <exception cref="OperatorException">There is no user with this name or address.</exception>
    public static async Task<User> FindAsync(IServiceProvider services, string typed, CancellationToken cancellationToken) =>
        await services.GetRequiredService<UserLookup>().FindAsync(typed, cancellationToken)
            ?? throw new OperatorException($"There is no user '{typed}'.");

    private static Command On(CommandHost host, string verb, string description, Func<UserOperations, Guid, CancellationToken, Task> action)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            await action(services.GetRequiredService<UserOperations>(), user.Id, cancellationToken);
            Console.WriteLine($"{verb} {user.UserName}: done");
            return 0;
        }));
        return command;
    }

    private static Command Rename(CommandHost host)
    {
        var name = Name();
        var newName = new Argument<string>("new-name") { Description = "The new user name." };
        var command = new Command("rename", "Change a user's name. Sign-ins continue.") { name, newName };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            var wanted = UserNames.Clean(result.GetRequiredValue(newName)) ?? result.GetRequiredValue(newName);
            await services.GetRequiredService<UserOperations>().ChangeAsync(user.Id, null, row => row.UserName = wanted, cancellationToken);
            Console.WriteLine($"renamed {user.UserName} to {wanted}");
            return 0;
        }));
        return command;
    }
}

using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

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
        On(host, "passwd", "Set a password, read from the terminal or standard input. Ends the user's sign-ins.", SetPasswordAsync),
        On(host, "lock", "Lock an account until it is unlocked. Ends the user's sign-ins.", LockAsync),
        On(host, "unlock", "Unlock an account, including one locked by failed attempts.", UnlockAsync),
        UserResetFactorsCommand.Create(host),
        UserDeleteCommand.Create(host),
    };

    /// <summary>The argument that names one user.</summary>
    public static Argument<string> Name() => new("user") { Description = "The user name or e-mail address." };

    /// <exception cref="OperatorException">There is no user with this name or address.</exception>
    public static async Task<User> FindAsync(IServiceProvider services, string typed, CancellationToken cancellationToken) =>
        await services.GetRequiredService<UserLookup>().FindAsync(typed, cancellationToken)
            ?? throw new OperatorException($"There is no user '{typed}'.");

    /// <summary>
    /// Saves the user with a new security stamp, so that no earlier sign-in can refresh. Then ends the user's sessions, so that
    /// introspection knows.
    /// </summary>
    public static async Task EndSignInsAsync(IServiceProvider services, User user, string reason)
    {
        Check(await services.GetRequiredService<UserManager<User>>().UpdateSecurityStampAsync(user));
        await services.GetRequiredService<SessionEnd>().EndOfUserAsync(user.Id, reason, CancellationToken.None);
    }

    /// <exception cref="OperatorException"><paramref name="result"/> is a failure.</exception>
    public static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new OperatorException(string.Join(Environment.NewLine, result.Errors.Select(error => error.Description)));
        }
    }

    private static Command On(CommandHost host, string verb, string description, Func<IServiceProvider, User, Task> action)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var user = await FindAsync(services, result.GetRequiredValue(name), cancellationToken);
            await action(services, user);
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
            var before = user.UserName;
            user.UserName = UserNames.Clean(result.GetRequiredValue(newName)) ?? result.GetRequiredValue(newName);
            Check(await services.GetRequiredService<UserManager<User>>().UpdateAsync(user));
            Console.WriteLine($"renamed {before} to {user.UserName}");
            return 0;
        }));
        return command;
    }

    private static async Task SetPasswordAsync(IServiceProvider services, User user)
    {
        var users = services.GetRequiredService<UserManager<User>>();
        var password = PasswordInput.Read();
        foreach (var validator in users.PasswordValidators)
        {
            Check(await validator.ValidateAsync(users, user, password));
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        await EndSignInsAsync(services, user, SessionEndReasons.CredentialsChanged);
    }

    private static Task LockAsync(IServiceProvider services, User user)
    {
        user.DisabledAt ??= services.GetRequiredService<TimeProvider>().GetUtcNow();
        return EndSignInsAsync(services, user, SessionEndReasons.UserDisabled);
    }

    private static async Task UnlockAsync(IServiceProvider services, User user)
    {
        user.DisabledAt = null;
        Check(await services.GetRequiredService<UserManager<User>>().UpdateAsync(user));
        await services.GetRequiredService<Lockout>().ForgetAsync(user, CancellationToken.None);
    }
}

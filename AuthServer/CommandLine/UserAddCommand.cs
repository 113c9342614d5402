using System.CommandLine;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

internal static class UserAddCommand
{
    public static Command Create(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var email = new Option<string>("--email") { Description = "The email address, also a name to sign in with.", Required = true };
        var displayName = new Option<string?>("--display-name") { Description = "The name shown to people." };
        var roles = new Option<string[]>("--role") { Description = "A role; may be given several times.", DefaultValueFactory = _ => [] };
        var command =
            new Command("add", "Add a user; the password is read from the terminal or standard input.") { name, email, displayName, roles };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var users = services.GetRequiredService<UserOperations>();
            await users.CheckRolesAsync(result.GetValue(roles)!);
            var user = await users.AddAsync(
                new NewUser(
                    result.GetRequiredValue(name),
                    result.GetRequiredValue(email),
                    EmailConfirmed: false,
                    result.GetValue(displayName),
                    result.GetValue(roles)!,
                    PasswordInput.Read()),
                cancellationToken);
            Console.WriteLine($"added {user.UserName} {user.Id}");
            return 0;
        }));
        return command;
    }
}

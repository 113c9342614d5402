using System.CommandLine;
using AuthServer.Hosting;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.CommandLine;

internal static class UserAddCommand
{
    public static Command Create(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var email = new Option<string>("--email") { Description = "The e-mail address, also a name to sign in with.", Required = true };
        var displayName = new Option<string?>("--display-name") { Description = "The name shown to people." };
        var roles = new Option<string[]>("--role") { Description = "A role; may be given several times.", DefaultValueFactory = _ => [] };
        var command =
            new Command("add", "Add a user; the password is read from the terminal or standard input.") { name, email, displayName, roles };
        command.SetAction((result, _) => host.RunOnDataToChangeAsync(async services =>
        {
            var users = services.GetRequiredService<UserManager<User>>();
            var known = services.GetRequiredService<RoleManager<Role>>();
            foreach (var role in result.GetValue(roles)!)
            {
                if (!await known.RoleExistsAsync(role))
                {
                    throw new OperatorException($"There is no role '{role}'.");
                }
            }

            var user = new User
            {
                UserName = UserNames.Clean(result.GetRequiredValue(name)) ?? result.GetRequiredValue(name),
                Email = EmailAddress.Clean(result.GetRequiredValue(email)) ?? result.GetRequiredValue(email),
                DisplayName = result.GetValue(displayName),
                CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            };
            UserCommands.Check(await users.CreateAsync(user, PasswordInput.Read()));
            UserCommands.Check(await users.AddToRolesAsync(user, result.GetValue(roles)!));
            Console.WriteLine($"added {user.UserName} {user.Id}");
            return 0;
        }));
        return command;
    }
}

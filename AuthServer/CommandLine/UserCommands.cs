using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AuthServer.Hosting;
using AuthServer.Sessions;
using AuthServer.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.CommandLine;

/// <summary><c>user add|passwd|lock|unlock|list</c>.</summary>
internal static class UserCommands
{
    public static Command Create(CommandHost host) => new("user", "Manage people.")
    {
        Add(host),
        On(host, "passwd", "Set a password, read from the terminal or standard input. Ends the user's sign-ins.", SetPasswordAsync),
        On(host, "lock", "Lock an account until it is unlocked. Ends the user's sign-ins.", LockAsync),
        On(host, "unlock", "Unlock an account, also one locked by failed attempts.", UnlockAsync),
        List(host),
    };

    private static Command Add(CommandHost host)
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var email = new Option<string>("--email") { Description = "The e-mail address, also a name to sign in with.", Required = true };
        var displayName = new Option<string?>("--display-name") { Description = "The name shown to people." };
        var roles = new Option<string[]>("--role") { Description = "A role; may be given several times.", DefaultValueFactory = _ => [] };
        var command = new Command("add", "Add a user; the password is read from the terminal or standard input.") { name, email, displayName, roles };
        command.SetAction((result, _) => host.RunOnDataAsync(async services =>
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
            Check(await users.CreateAsync(user, PasswordInput.Read()));
            Check(await users.AddToRolesAsync(user, result.GetValue(roles)!));
            Console.WriteLine($"added {user.UserName} {user.Id}");
            return 0;
        }));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var json = new Option<bool>("--json") { Description = "As a JSON array." };
        var command = new Command("list", "List the users.") { json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var users = await services.GetRequiredService<UserManager<User>>().Users.AsNoTracking()
                .OrderBy(user => user.NormalizedUserName).ToListAsync(cancellationToken);
            var rows = users.ConvertAll(user => new
            {
                id = user.Id,
                name = user.UserName,
                email = user.Email,
                state = user.DisabledAt is not null ? "locked" : user.LockoutEnd > now ? "locked out" : "active",
                createdAt = user.CreatedAt,
            });
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(rows));
                return 0;
            }

            foreach (var row in rows)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.id}  {row.name,-24} {row.email,-32} {row.state}"));
            }

            return 0;
        }));
        return command;
    }

    private static Command On(CommandHost host, string verb, string description, Func<IServiceProvider, User, Task> action)
    {
        var name = new Argument<string>("user") { Description = "The user name or e-mail address." };
        var command = new Command(verb, description) { name };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var typed = result.GetRequiredValue(name);
            var user = await services.GetRequiredService<UserLookup>().FindAsync(typed, cancellationToken)
                ?? throw new OperatorException($"There is no user '{typed}'.");
            await action(services, user);
            Console.WriteLine($"{verb} {user.UserName}: done");
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
        return EndSignInsAsync(services, user, SessionEndReasons.UserLocked);
    }

    private static async Task UnlockAsync(IServiceProvider services, User user)
    {
        user.DisabledAt = null;
        user.LockoutEnd = null;
        user.AccessFailedCount = 0;
        Check(await services.GetRequiredService<UserManager<User>>().UpdateAsync(user));
    }

    // Writes the user with a new security stamp, which no refresh outlives; then what is left is inactive at introspection too.
    private static async Task EndSignInsAsync(IServiceProvider services, User user, string reason)
    {
        Check(await services.GetRequiredService<UserManager<User>>().UpdateSecurityStampAsync(user));
        await services.GetRequiredService<SessionEnd>().EndOfUserAsync(user.Id, reason, CancellationToken.None);
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new OperatorException(string.Join(Environment.NewLine, result.Errors.Select(error => error.Description)));
        }
    }
}

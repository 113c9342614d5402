using System.CommandLine;
using AuthServer.Mail;
using AuthServer.Operations;
using Microsoft.Extensions.Options;

namespace AuthServer.CommandLine;

/// <summary><c>admin</c> and its subcommands.</summary>
internal static class AdminCommands
{
    public static Command Create(CommandHost host) => new("admin", "Manage who may administer.") { Invite(host) };

    private static Command Invite(CommandHost host)
    {
        var email = new Argument<string>("mail") { Description = "The email address. If nobody has it, a user is added." };
        var role = new Option<string>("--role")
        {
            Description = "The role that allows everything. It is added if there is none of this name.",
            DefaultValueFactory = _ => AdminInvitation.DefaultRole,
        };
        var command = new Command(
            "invite",
            "Make somebody an administrator who may do everything, and mail them a link to choose a password. Without a mail server the link "
            + "is printed.") { email, role };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var (user, link) = await services.GetRequiredService<AdminInvitation>()
                .InviteAsync(result.GetRequiredValue(email), result.GetRequiredValue(role), cancellationToken);
            var isMailed = services.GetRequiredService<IOptions<MailOptions>>().Value.IsOn;
            Console.WriteLine($"{user.UserName} has the role {result.GetRequiredValue(role)}, which allows everything.");
            Console.WriteLine(isMailed ? $"A mail to {user.Email} has a link to choose a password, good for a day." : $"{link}");
            return 0;
        }));
        return command;
    }
}

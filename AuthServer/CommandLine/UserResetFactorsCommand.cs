using System.CommandLine;
using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.SecondFactors;
using AuthServer.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

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
            var context = services.GetRequiredService<AuthDbContext>();
            var passkeys = context.Set<IdentityUserPasskey<Guid>>().Where(passkey => passkey.UserId == user.Id);
            var count = await passkeys.CountAsync(cancellationToken);
            var authenticators = services.GetRequiredService<Authenticators>();
            var hasApp = (await authenticators.FindAsync(user.Id, cancellationToken))?.ConfirmedAt is not null;
            var app = hasApp ? "the authenticator app with its recovery codes" : "no authenticator app";
            var what = $"{app} and {TextFormat.Count(count, "passkey")}";
            if (!result.GetValue(yes))
            {
                Console.WriteLine($"{user.UserName} ({user.Email}) would lose {what}, and all sign-ins. Nothing was done: --yes does it.");
                return 1;
            }

            // One cause, and so one mail to the user.
            services.GetRequiredService<AuditActor>().Cause = AuditReasons.FactorsReset;
            await authenticators.RemoveAsync(user.Id);
            await context.RecordAsync(
                token => passkeys.ExecuteDeleteAsync(token),
                new AuditFact(AuditActions.PasskeyRemoved, AuditTarget.User(user.Id)),
                CancellationToken.None);

            // The user that was read above is out of date.
            context.ChangeTracker.Clear();
            user = await UserCommands.FindAsync(services, user.UserName!, CancellationToken.None);
            await UserCommands.EndSignInsAsync(services, user, SessionEndReasons.CredentialsChanged);
            Console.WriteLine($"reset-factors {user.UserName}: removed {what}");
            return 0;
        }));
        return command;
    }
}

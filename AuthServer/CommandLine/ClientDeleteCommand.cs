using System.CommandLine;
using AuthServer.Data;
using AuthServer.Sessions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.CommandLine;

internal static class ClientDeleteCommand
{
    public static Command Create(CommandHost host)
    {
        var id = ClientCommands.Id();
        var yes = OptionValues.Yes();
        var command = new Command(
            "delete", "Delete an app for good, with its tokens. Takes effect on running servers within ten seconds.") { id, yes };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var client = await ClientCommands.FindAsync(services, result.GetRequiredValue(id), cancellationToken);
            var context = services.GetRequiredService<AuthDbContext>();
            if (!result.GetValue(yes))
            {
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var count = await context.Authorizations.CountAsync(
                    row => row.Application!.Id == client.Id && row.Status == Statuses.Valid && row.RefreshExpiresAt > now,
                    cancellationToken);
                Console.WriteLine(
                    $"{client.ClientId} would be deleted, and {TextFormat.Count(count, "sign-in")} to it would end. "
                    + "Nothing was done: --yes does it.");
                return 1;
            }

            // Sessions of the password grant and of devices belong to this app alone. A browser's session stays: other apps may use it.
            var alone = context.Sessions.Where(session => session.BrowserExpiresAt == null
                && context.Authorizations.Any(row => row.SessionId == session.Id && row.Application!.Id == client.Id));
            await services.GetRequiredService<SessionEnd>().EndAsync(
                alone, SessionEndReasons.EndedByOperator, cause: null, CancellationToken.None);
            context.ChangeTracker.Clear();
            await services.GetRequiredService<IOpenIddictApplicationManager>().DeleteAsync(client, CancellationToken.None);
            Console.WriteLine($"deleted {client.ClientId}");
            return 0;
        }));
        return command;
    }
}

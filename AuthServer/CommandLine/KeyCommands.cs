using System.CommandLine;
using System.Globalization;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

/// <summary><c>keys list|rotate|revoke</c>. Running nodes see a change at their next look at the database.</summary>
internal static class KeyCommands
{
    private static readonly string[] Headers = ["ID", "ALGORITHM", "STATE", "FROM", "UNTIL"];

    public static Command Create(CommandHost host) =>
        new("keys", "Manage the keys that sign and encrypt tokens.") { List(host), Rotate(host), Revoke(host) };

    private static Command List(CommandHost host)
    {
        var json = OptionValues.Json();
        var command = new Command("list", "List the keys and the state of each.") { json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var listing = new Listing<KeyView>(
                result.GetValue(json),
                Headers,
                key => [key.Id, key.Algorithm, key.State, TextFormat.Instant(key.ActiveFrom), TextFormat.Instant(key.EndsAt)],
                key => key);
            listing.Add(await services.GetRequiredService<KeyOperations>().ListAsync(cancellationToken));
            listing.End();
            return 0;
        }));
        return command;
    }

    private static Command Rotate(CommandHost host)
    {
        var algorithm = new Option<string?>("--algorithm")
        {
            Description = "Only for this algorithm, which need not be in use yet. Default: for all algorithms in use.",
        };
        var now = new Option<bool>("--now")
        {
            Description = "Use the next key as soon as every node knows it, without the announcement time.",
        };
        var command = new Command("rotate", "Create the next key ahead of schedule.") { algorithm, now };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            foreach (var key in await services.GetRequiredService<KeyOperations>()
                .RotateAsync(result.GetValue(algorithm), result.GetValue(now), cancellationToken))
            {
                Console.WriteLine($"{key.Algorithm}: {key.Id} from {Text(key.ActiveFrom)}");
            }

            return 0;
        }));
        return command;
    }

    private static Command Revoke(CommandHost host)
    {
        var id = new Argument<string>("kid") { Description = "The key's id, as 'keys list' shows it." };
        var now = new Option<bool>("--now") { Description = "Do it. Without this option, the command only says what would end." };
        var command = new Command("revoke", "Revoke a key: nothing that it has signed or encrypted is valid any more.") { id, now };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var keys = services.GetRequiredService<KeyOperations>();
            var key = await keys.FindAsync(result.GetRequiredValue(id), cancellationToken);
            if (!result.GetValue(now))
            {
                throw new OperatorException($"{Consequence(key)} Nothing was changed: --now does it.");
            }

            var successor = await keys.RevokeAsync(key.Id, cancellationToken);
            Console.WriteLine($"{key.Algorithm}: {key.Id} revoked");
            if (successor is not null)
            {
                Console.WriteLine($"{successor.Algorithm}: {successor.Id} from {Text(successor.ActiveFrom)}");
            }

            return 0;
        }));
        return command;
    }

    private static string Consequence(KeyView key) => key.State switch
    {
        "revoked" => "It is revoked already.",
        "announced" => $"The {key.Algorithm} key {key.Id} is announced and has not been used yet: revoking it ends nothing.",
        _ when key.Algorithm is KeyMaterial.TokenEncryption =>
            $"The {key.Algorithm} key {key.Id} is {key.State}: revoking it ends every refresh token made with it, "
            + "and their users have to sign in again.",
        _ => $"The {key.Algorithm} key {key.Id} is {key.State}: revoking it ends every token that it has signed.",
    };

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

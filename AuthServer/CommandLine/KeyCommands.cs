using System.CommandLine;
using System.Globalization;
using AuthServer.Data;
using AuthServer.Hosting;
using AuthServer.Keys;
using AuthServer.Protocol;
using Microsoft.EntityFrameworkCore;

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
            var schedule = await ReadAsync(services, cancellationToken);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var rotation = services.GetRequiredService<KeyRotation>();
            var listing = new Listing<KeyEntry>(
                result.GetValue(json),
                Headers,
                entry =>
                [
                    entry.KeyId,
                    entry.Algorithm,
                    Name(schedule.StateOf(entry, now)),
                    TextFormat.Instant(entry.ActiveFrom),
                    TextFormat.Instant(rotation.EndsAt(schedule, entry)),
                ],
                entry => new
                {
                    id = entry.KeyId,
                    algorithm = entry.Algorithm,
                    state = Name(schedule.StateOf(entry, now)),
                    createdAt = entry.CreatedAt,
                    activeFrom = entry.ActiveFrom,
                    revokedAt = entry.RevokedAt,
                    endsAt = rotation.EndsAt(schedule, entry),
                });
            listing.Add([.. schedule.Entries.OrderBy(entry => entry.Algorithm, StringComparer.Ordinal)]);
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
            var rotation = services.GetRequiredService<KeyRotation>();
            var context = services.GetRequiredService<AuthDbContext>();
            var asked = result.GetValue(algorithm);
            if (asked is not null and not KeyMaterial.TokenEncryption && !SigningAlgorithms.All.Contains(asked))
            {
                var known = string.Join(", ", SigningAlgorithms.All.Append(KeyMaterial.TokenEncryption));
                throw new OperatorException($"There are no keys of '{asked}'; it must be one of {known}.");
            }

            foreach (var each in asked is null ? rotation.Algorithms : [asked])
            {
                var key = await rotation.RotateAsync(context, each, result.GetValue(now), cancellationToken);
                Console.WriteLine($"{each}: {key.KeyId} from {Text(key.ActiveFrom)}");
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
            var schedule = await ReadAsync(services, cancellationToken);
            var clock = services.GetRequiredService<TimeProvider>();
            var key = schedule.Entries.SingleOrDefault(entry => entry.KeyId == result.GetRequiredValue(id))
                ?? throw new OperatorException($"There is no key '{result.GetRequiredValue(id)}'.");
            if (!result.GetValue(now))
            {
                throw new OperatorException(
                    $"{Consequence(key, schedule.StateOf(key, clock.GetUtcNow()))} Nothing was changed: --now does it.");
            }

            await services.GetRequiredService<KeyRotation>()
                .RevokeAsync(services.GetRequiredService<AuthDbContext>(), key, cancellationToken);
            Console.WriteLine($"{key.Algorithm}: {key.KeyId} revoked");
            if ((await ReadAsync(services, cancellationToken)).Active(key.Algorithm, clock.GetUtcNow()) is { } active)
            {
                Console.WriteLine($"{key.Algorithm}: {active.KeyId} from {Text(active.ActiveFrom)}");
            }

            return 0;
        }));
        return command;
    }

    private static string Consequence(KeyEntry key, KeyState state) => state switch
    {
        KeyState.Revoked => "It is revoked already.",
        KeyState.Announced => $"The {key.Algorithm} key {key.KeyId} is announced and has not been used yet: revoking it ends nothing.",
        _ when key.Algorithm is KeyMaterial.TokenEncryption =>
            $"The {key.Algorithm} key {key.KeyId} is {Name(state)}: revoking it ends every refresh token made with it, "
            + "and their users have to sign in again.",
        _ => $"The {key.Algorithm} key {key.KeyId} is {Name(state)}: revoking it ends every token that it has signed.",
    };

    private static async Task<KeySchedule> ReadAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        new(await services.GetRequiredService<AuthDbContext>().Keys.Select(KeyEntry.OfRow).ToListAsync(cancellationToken));

    private static string Name(KeyState state) => state.ToString().ToLowerInvariant();

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

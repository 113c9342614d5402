using System.CommandLine;
using AuthServer.Operations;

namespace AuthServer.CommandLine;

/// <summary><c>client</c> and its subcommands.</summary>
internal static class ClientCommands
{
    public static Command Create(CommandHost host) => new("client", "Manage apps.")
    {
        ClientListCommand.Create(host),
        ClientShowCommand.Create(host),
        RotateSecret(host),
        On(
            host,
            "disable",
            "Refuse an app and its tokens until it is enabled again. Takes effect on running servers within ten seconds.",
            (apps, client, token) => apps.DisableAsync(client, token)),
        On(host, "enable", "Accept a disabled app again.", (apps, client, token) => apps.EnableAsync(client, token)),
        ClientDeleteCommand.Create(host),
    };

    /// <summary>The argument that names one app.</summary>
    public static Argument<string> Id() => new("client") { Description = "The client id." };

    private static Command RotateSecret(CommandHost host)
    {
        var id = Id();
        var keep = new Option<TimeSpan>("--keep-old-for")
        {
            Description = "How long the old secret stays valid, for example 24h, so that no copy of the app has to stop. Default: it ends.",
            CustomParser = OptionValues.ParseDuration,
        };
        var command = new Command(
            "rotate-secret",
            "Give an app a new secret and print it once. Without --keep-old-for, the old one stops working within ten seconds. "
            + "A platform file does not change the new one until the file refers to another secret than before.") { id, keep };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var made = await services.GetRequiredService<SecretOperations>().AddAsync(
                result.GetRequiredValue(id), "rotate-secret", result.GetValue(keep), cancellationToken);
            Console.WriteLine(made.Secret);
            return 0;
        }));
        return command;
    }

    private static Command On(
        CommandHost host, string verb, string description, Func<AppOperations, string, CancellationToken, Task> change)
    {
        var id = Id();
        var command = new Command(verb, description) { id };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            await change(services.GetRequiredService<AppOperations>(), result.GetRequiredValue(id), cancellationToken);
            Console.WriteLine($"{verb} {result.GetRequiredValue(id)}: done");
            return 0;
        }));
        return command;
    }
}

using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using AuthServer.Clients;
using AuthServer.Hosting;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.CommandLine;

/// <summary><c>client</c> and its subcommands.</summary>
internal static class ClientCommands
{
    private const int SecretBytes = 32;

    public static Command Create(CommandHost host) => new("client", "Manage apps.")
    {
        ClientListCommand.Create(host),
        ClientShowCommand.Create(host),
        RotateSecret(host),
        On(
            host,
            "disable",
            "Refuse an app and its tokens until it is enabled again. Takes effect on running servers within ten seconds.",
            (client, now) => client.DisabledAt ??= now),
        On(host, "enable", "Accept a disabled app again.", (client, _) => client.DisabledAt = null),
        ClientDeleteCommand.Create(host),
    };

    /// <summary>The argument that names one app.</summary>
    public static Argument<string> Id() => new("client") { Description = "The client id." };

    /// <exception cref="OperatorException">There is no client with this id.</exception>
    public static async Task<Client> FindAsync(IServiceProvider services, string id, CancellationToken cancellationToken) =>
        (Client?)await services.GetRequiredService<IOpenIddictApplicationManager>().FindByClientIdAsync(id, cancellationToken)
        ?? throw new OperatorException($"There is no client '{id}'.");

    private static Command RotateSecret(CommandHost host)
    {
        var id = Id();
        var command = new Command(
            "rotate-secret",
            "Give an app a new secret and print it once. The old one stops working within ten seconds. "
            + "A platform file does not change the new one until the file refers to another secret than before.") { id };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            var client = await FindAsync(services, result.GetRequiredValue(id), cancellationToken);
            if (await clients.HasClientTypeAsync(client, ClientTypes.Public, cancellationToken))
            {
                throw new OperatorException($"The client '{result.GetRequiredValue(id)}' is public and has no secret.");
            }

            var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
            var descriptor = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(descriptor, client, cancellationToken);
            descriptor.ClientSecret = secret;
            await clients.UpdateAsync(client, descriptor, cancellationToken);
            Console.WriteLine(secret);
            return 0;
        }));
        return command;
    }

    private static Command On(CommandHost host, string verb, string description, Action<Client, DateTimeOffset> change)
    {
        var id = Id();
        var command = new Command(verb, description) { id };
        command.SetAction((result, cancellationToken) => host.RunOnDataToChangeAsync(async services =>
        {
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            var client = await FindAsync(services, result.GetRequiredValue(id), cancellationToken);
            change(client, services.GetRequiredService<TimeProvider>().GetUtcNow());
            await clients.UpdateAsync(client, cancellationToken);
            Console.WriteLine($"{verb} {result.GetRequiredValue(id)}: done");
            return 0;
        }));
        return command;
    }
}

using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Hosting;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.CommandLine;

/// <summary><c>client list|rotate-secret|disable|enable</c>.</summary>
internal static class ClientCommands
{
    private const int SecretBytes = 32;

    public static Command Create(CommandHost host) => new("client", "Manage apps.")
    {
        List(host),
        RotateSecret(host),
        On(host, "disable", "Refuse an app from now on, with all that it was given. On running servers within ten seconds.", (client, now) => client.DisabledAt ??= now),
        On(host, "enable", "Let a disabled app go on.", (client, _) => client.DisabledAt = null),
    };

    private static Command List(CommandHost host)
    {
        var json = new Option<bool>("--json") { Description = "As a JSON array." };
        var command = new Command("list", "List the registered apps.") { json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var rows = new List<ClientRow>();
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            await foreach (var client in clients.ListAsync(cancellationToken: cancellationToken))
            {
                var descriptor = new OpenIddictApplicationDescriptor();
                await clients.PopulateAsync(descriptor, client, cancellationToken);
                rows.Add(ClientRow.Of(descriptor, ((Client)client).DisabledAt));
            }

            rows.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
                return 0;
            }

            foreach (var row in rows)
            {
                Console.WriteLine($"{row.Id,-24} {row.Type,-13} {string.Join(' ', row.Grants),-40} {string.Join(' ', row.Scopes)}{(row.DisabledAt is null ? "" : $"  (disabled {Plain.Instant(row.DisabledAt)})")}");
            }

            return 0;
        }));
        return command;
    }

    private static Command RotateSecret(CommandHost host)
    {
        var id = new Argument<string>("client") { Description = "The client id." };
        var command = new Command("rotate-secret", "Give an app a new secret and print it, this once. The old one ends within ten seconds.") { id };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            var client = await clients.FindByClientIdAsync(result.GetRequiredValue(id), cancellationToken)
                ?? throw new OperatorException($"There is no client '{result.GetRequiredValue(id)}'.");
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
        var id = new Argument<string>("client") { Description = "The client id." };
        var command = new Command(verb, description) { id };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var clients = services.GetRequiredService<IOpenIddictApplicationManager>();
            var client = await clients.FindByClientIdAsync(result.GetRequiredValue(id), cancellationToken)
                ?? throw new OperatorException($"There is no client '{result.GetRequiredValue(id)}'.");
            change((Client)client, services.GetRequiredService<TimeProvider>().GetUtcNow());
            await clients.UpdateAsync(client, cancellationToken);
            Console.WriteLine($"{verb} {result.GetRequiredValue(id)}: done");
            return 0;
        }));
        return command;
    }

    private sealed record ClientRow(
        string Id, string? Name, string? Type, IReadOnlyList<string> Grants, IReadOnlyList<string> Scopes, DateTimeOffset? DisabledAt)
    {
        public static ClientRow Of(OpenIddictApplicationDescriptor client, DateTimeOffset? disabledAt) => new(
            client.ClientId!,
            client.DisplayName,
            client.ClientType,
            Having(client, Permissions.Prefixes.GrantType),
            Having(client, Permissions.Prefixes.Scope),
            disabledAt);

        private static string[] Having(OpenIddictApplicationDescriptor client, string prefix) =>
            [.. client.Permissions.Where(permission => permission.StartsWith(prefix, StringComparison.Ordinal))
                .Select(permission => permission[prefix.Length..]).Order(StringComparer.Ordinal)];
    }
}

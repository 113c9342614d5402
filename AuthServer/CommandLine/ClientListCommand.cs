using System.CommandLine;
using System.Runtime.CompilerServices;
using AuthServer.Clients;
using AuthServer.Operations;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.CommandLine;

internal static class ClientListCommand
{
    private const int PageSize = 500;

    private static readonly string[] Headers = ["ID", "TYPE", "GRANTS", "SCOPES", "DISABLED"];

    public static Command Create(CommandHost host)
    {
        var limit = OptionValues.Limit("The greatest number of rows. Default: all.");
        var json = OptionValues.Json();
        var command = new Command("list", "List the registered apps, in the order of their ids.") { limit, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var listing = new Listing<Client>(
                result.GetValue(json),
                Headers,
                client =>
                [
                    client.ClientId,
                    client.ClientType,
                    string.Join(' ', Grants(client)),
                    string.Join(' ', Scopes(client)),
                    client.DisabledAt is { } at ? TextFormat.Instant(at) : "-",
                ],
                client => new
                {
                    Id = client.ClientId,
                    Name = client.DisplayName,
                    Type = client.ClientType,
                    Grants = Grants(client),
                    Scopes = Scopes(client),
                    client.DisabledAt,
                });
            var most = result.GetValue(limit) ?? int.MaxValue;
            await foreach (var page in PagesAsync(services.GetRequiredService<AppOperations>(), most, cancellationToken))
            {
                listing.Add(page);
            }

            listing.End();
            return 0;
        }));
        return command;
    }

    public static string[] Grants(Client client) => Having(client, Permissions.Prefixes.GrantType);

    public static string[] Scopes(Client client) => Having(client, Permissions.Prefixes.Scope);

    private static string[] Having(Client client, string prefix) =>
    [
        .. System.Text.Json.JsonSerializer.Deserialize<string[]>(client.Permissions ?? "[]")!
            .Where(permission => permission.StartsWith(prefix, StringComparison.Ordinal))
            .Select(permission => permission[prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    // Each page begins after the last id of the page before, so the last page costs as much as the first.
    private static async IAsyncEnumerable<IReadOnlyList<Client>> PagesAsync(
        AppOperations apps, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (most > 0)
        {
            var page = await apps.PageAsync(new AppFilter(), after, Math.Min(PageSize, most), cancellationToken);
            if (page.Count is 0)
            {
                yield break;
            }

            yield return page;
            most -= page.Count;
            after = page[^1].ClientId!;
        }
    }
}

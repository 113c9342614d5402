using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Pages;

/// <summary>The app on whose behalf a page is shown, as people know it.</summary>
internal sealed record PageApp(string Id, string Name, string? Address, string? Logo)
{
    /// <summary>The account's start page, which then names the app.</summary>
    public string Home => QueryHelpers.AddQueryString(Paths.Account, Parameters.ClientId, Id);
}

internal sealed class PageApps(ClientCache clients, AuthDbContext database)
{
    /// <param name="returnUrl">Where a page leads to afterwards. It belongs to an app if it is the authorize endpoint.</param>
    public async Task<PageApp?> OfAsync(string? returnUrl, CancellationToken cancellationToken)
    {
        if (returnUrl?.Split('?', 2) is not [var path, var query] || path != Paths.Authorize.Value)
        {
            return null;
        }

        return await FindAsync(QueryHelpers.ParseQuery(query).GetValueOrDefault(Parameters.ClientId), cancellationToken);
    }

    public async Task<PageApp?> FindAsync(string? clientId, CancellationToken cancellationToken) =>
        !string.IsNullOrEmpty(clientId)
            && await clients.FindAsync(database, clientId, cancellationToken) is { Client: { DisabledAt: null } client, Policy: var policy }
            ? Of(client, policy)
            : null;

    public static PageApp Of(Client client, ClientPolicy policy) => new(
        client.ClientId!,
        client.DisplayName ?? client.ClientId!,
        policy.Address,
        policy.Logo);
}

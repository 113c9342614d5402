using System.CommandLine;
using AuthServer.Clients;
using AuthServer.Operations;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.CommandLine;

internal static class ClientShowCommand
{
    public static Command Create(CommandHost host)
    {
        var id = ClientCommands.Id();
        var json = OptionValues.Json();
        var command = new Command(
            "show", "Show an app: grants, scopes, addresses, lifetimes. Its secret is stored as a hash and cannot be shown.") { id, json };
        command.SetAction((result, cancellationToken) => host.RunOnDataAsync(async services =>
        {
            var client = (await services.GetRequiredService<AppOperations>().FindAsync(result.GetRequiredValue(id), cancellationToken)).Client;
            var app = new OpenIddictApplicationDescriptor();
            await services.GetRequiredService<IOpenIddictApplicationManager>().PopulateAsync(app, client, cancellationToken);
            var policy = new ClientPolicy(client, services.GetRequiredService<IOptions<ConnectOptions>>().Value);
            var shape = new
            {
                Id = app.ClientId,
                Name = app.DisplayName,
                Type = app.ApplicationType is ApplicationTypes.Native ? ApplicationTypes.Native : app.ClientType,
                client.DisabledAt,
                HasSecret = app.ClientSecret is not null,
                PublicKeys = app.JsonWebKeySet?.Keys.Count ?? 0,
                Grants = ClientListCommand.Grants(client),
                Scopes = ClientListCommand.Scopes(client),
                Consent = app.ConsentType,
                RequiresPkce = app.Requirements.Contains(Requirements.Features.ProofKeyForCodeExchange),
                RedirectUris = app.RedirectUris.Select(uri => uri.OriginalString),
                PostLogoutRedirectUris = app.PostLogoutRedirectUris.Select(uri => uri.OriginalString),
                Origins = app.Settings.GetValueOrDefault(ClientOrigins.Setting, "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Url = policy.Address,
                BackchannelLogoutUri = policy.BackChannelLogoutUri,
                FrontchannelLogoutUri = policy.FrontChannelLogoutUri,
                AccessTokenLifetime = policy.AccessLifetime,
                RefreshTokenLifetime = policy.RefreshLifetime,
                RefreshTokenIdleLifetime = policy.IdleLifetime,
                RefreshTokenLeeway = policy.Leeway,
            };
            return Details.Write(
                result.GetValue(json),
                shape,
                ("id", shape.Id),
                ("name", shape.Name),
                ("type", shape.Type),
                ("state", shape.DisabledAt is { } at ? $"disabled since {TextFormat.Instant(at)}" : "active"),
                (
                    "authenticates by",
                    app.ClientType is ClientTypes.Public
                        ? "nothing"
                        : shape.PublicKeys > 0 ? TextFormat.Count(shape.PublicKeys, "public key") : "secret"),
                ("grants", string.Join(' ', shape.Grants)),
                ("scopes", string.Join(' ', shape.Scopes)),
                ("consent", shape.Consent),
                ("pkce", shape.RequiresPkce ? "required" : "optional"),
                ("redirect uris", string.Join(' ', shape.RedirectUris)),
                ("post-logout uris", string.Join(' ', shape.PostLogoutRedirectUris)),
                ("origins", string.Join(' ', shape.Origins)),
                ("url", shape.Url),
                ("back-channel logout", shape.BackchannelLogoutUri),
                ("front-channel logout", shape.FrontchannelLogoutUri),
                ("access token", $"{shape.AccessTokenLifetime:c}"),
                (
                    "refresh token",
                    $"{shape.RefreshTokenLifetime:c}, unused {shape.RefreshTokenIdleLifetime:c}, leeway {shape.RefreshTokenLeeway:c}"));
        }));
        return command;
    }
}

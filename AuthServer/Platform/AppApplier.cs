using System.Text.Json;
using AuthServer.Clients;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>Makes the declared apps what the file says: clients of OpenIddict with permissions, settings and secrets.</summary>
internal sealed class AppApplier(IOpenIddictApplicationManager clients, IOpenIddictScopeManager scopes)
{
    /// <summary>The grant of RFC 8628, whose name is a long one.</summary>
    public const string DeviceCode = "device_code";

    private static readonly string[] StandardScopes = [Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.Roles, Scopes.OfflineAccess];

    public async Task ApplyAsync(PlatformDocument document, ApplyReport report, CancellationToken cancellationToken)
    {
        foreach (var app in document.Apps)
        {
            await CheckScopesAsync(app, report, cancellationToken);
            await ApplyAsync(app, report, cancellationToken);
        }
    }

    private async Task CheckScopesAsync(AppEntry app, ApplyReport report, CancellationToken cancellationToken)
    {
        foreach (var (place, name) in app.Scopes)
        {
            if (!StandardScopes.Contains(name) && await scopes.FindByNameAsync(name, cancellationToken) is null)
            {
                report.Problem(place, $"The scope '{name}' is of no API, neither in this file nor in the database.");
            }
        }
    }

    private async Task ApplyAsync(AppEntry app, ApplyReport report, CancellationToken cancellationToken)
    {
        var existing = await clients.FindByClientIdAsync(app.Id, cancellationToken);
        var descriptor = new OpenIddictApplicationDescriptor { ClientId = app.Id };
        if (existing is not null)
        {
            await clients.PopulateAsync(descriptor, existing, cancellationToken);
        }

        var before = Fingerprint(descriptor);
        var secretIsNew = app.Secret is not null
            && (descriptor.ClientSecret is null || existing is null || !await clients.ValidateClientSecretAsync(existing, app.Secret, cancellationToken));
        Declare(descriptor, app, secretIsNew);
        if (!app.IsPublic && descriptor.ClientSecret is null && descriptor.JsonWebKeySet is null)
        {
            report.Problem(app.Place, $"The confidential app '{app.Id}' needs 'secret' or 'public_keys'.");
            return;
        }

        if (existing is null)
        {
            await clients.CreateAsync(descriptor, cancellationToken);
            report.Created($"app {app.Id}");
        }
        else if (secretIsNew || before != Fingerprint(descriptor))
        {
            await clients.UpdateAsync(existing, descriptor, cancellationToken);
            report.Changed($"app {app.Id}");
        }
        else
        {
            report.Unchanged();
        }
    }

    private static void Declare(OpenIddictApplicationDescriptor descriptor, AppEntry app, bool secretIsNew)
    {
        descriptor.DisplayName = app.Name ?? app.Id;
        descriptor.ClientType = app.IsPublic ? ClientTypes.Public : ClientTypes.Confidential;
        descriptor.ApplicationType = app.Browser.IsNative ? ApplicationTypes.Native : ApplicationTypes.Web;
        descriptor.ConsentType = app.Browser.AsksConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit;
        descriptor.RedirectUris.Clear();
        descriptor.RedirectUris.UnionWith(app.Browser.RedirectUris);
        descriptor.PostLogoutRedirectUris.Clear();
        descriptor.PostLogoutRedirectUris.UnionWith(app.Browser.PostLogoutRedirectUris);
        descriptor.JsonWebKeySet = app.PublicKeys is null ? null : new JsonWebKeySet(app.PublicKeys);
        if (app.IsPublic)
        {
            descriptor.ClientSecret = null;
        }
        else if (secretIsNew)
        {
            descriptor.ClientSecret = app.Secret;
        }

        descriptor.Permissions.Clear();
        descriptor.Permissions.UnionWith(
        [
            Permissions.Endpoints.Token,
            Permissions.Endpoints.Revocation,
            .. app.Grants.Select(grant => Permissions.Prefixes.GrantType + (grant is DeviceCode ? GrantTypes.DeviceCode : grant)),
            .. app.Scopes.Select(scope => Permissions.Prefixes.Scope + scope.Name),
        ]);

        descriptor.Requirements.Clear();
        if (app.Grants.Contains(GrantTypes.AuthorizationCode))
        {
            descriptor.Permissions.UnionWith(
            [
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.PushedAuthorization,
                Permissions.Endpoints.EndSession,
                Permissions.ResponseTypes.Code,
            ]);
            if (app.Browser.RequiresPkce)
            {
                descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
            }
        }

        if (app.Grants.Contains(DeviceCode))
        {
            descriptor.Permissions.Add(Permissions.Endpoints.DeviceAuthorization);
        }

        // RFC 7662 2.1: who asks about tokens must authenticate.
        if (!app.IsPublic)
        {
            descriptor.Permissions.Add(Permissions.Endpoints.Introspection);
        }

        Set(Settings.TokenLifetimes.AccessToken, app.AccessTokenLifetime?.ToString("c"));
        Set(Settings.TokenLifetimes.RefreshToken, app.RefreshTokenLifetime?.ToString("c"));
        Set(ClientPolicy.IdleLifetimeSetting, app.RefreshTokenIdleLifetime?.ToString("c"));
        Set(ClientPolicy.LeewaySetting, app.RefreshTokenLeeway?.ToString("c"));
        Set(ClientOrigins.Setting, app.Origins.Count > 0 ? string.Join(' ', app.Origins) : null);
        Set(ClientPolicy.AddressSetting, app.Browser.Address?.OriginalString);
        Set(ClientPolicy.BackChannelLogoutSetting, app.Browser.BackChannelLogoutUri?.OriginalString);
        Set(ClientPolicy.FrontChannelLogoutSetting, app.Browser.FrontChannelLogoutUri?.OriginalString);
        Set(ClientPolicy.FrontChannelLogoutSessionSetting, app.Browser.FrontChannelLogoutNamesSession ? null : "false");
        Set(ClientPolicy.LogoSetting, app.Browser.Logo?.OriginalString);

        void Set(string name, string? value)
        {
            descriptor.Settings.Remove(name);
            if (value is not null)
            {
                descriptor.Settings[name] = value;
            }
        }
    }

    // All that Declare writes but the secret, which is stored as a hash and compared on its own.
    private static string Fingerprint(OpenIddictApplicationDescriptor descriptor) => JsonSerializer.Serialize(new object?[]
    {
        descriptor.DisplayName,
        descriptor.ClientType,
        descriptor.ApplicationType,
        descriptor.ConsentType,
        descriptor.RedirectUris.Select(uri => uri.OriginalString).Order(StringComparer.Ordinal),
        descriptor.PostLogoutRedirectUris.Select(uri => uri.OriginalString).Order(StringComparer.Ordinal),
        descriptor.Requirements.Order(StringComparer.Ordinal),
        descriptor.Permissions.Order(StringComparer.Ordinal),
        descriptor.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal),
        descriptor.JsonWebKeySet?.Keys.Select(Members),
        descriptor.ClientSecret is null,
    });

    private static string?[] Members(JsonWebKey key) =>
        [key.Kty, key.Kid, key.Use, key.Alg, key.Crv, key.X, key.Y, key.N, key.E, .. key.X5c];
}

using AuthServer.Clients;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>
/// Translates a declared app into an OpenIddict registration: permissions, requirements and settings, but not the secret.
/// </summary>
internal static class AppDescriptor
{
    /// <summary>The platform file's short name for the grant of RFC 8628.</summary>
    public const string DeviceCode = "device_code";

    public static OpenIddictApplicationDescriptor Of(AppEntry app)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = app.Id,
            DisplayName = app.Name ?? app.Id,
            ClientType = app.IsPublic ? ClientTypes.Public : ClientTypes.Confidential,
            ApplicationType = app.Browser.IsNative ? ApplicationTypes.Native : ApplicationTypes.Web,
            ConsentType = app.Browser.AsksConsent ? ConsentTypes.Explicit : ConsentTypes.Implicit,
            JsonWebKeySet = app.PublicKeys is null ? null : new JsonWebKeySet(app.PublicKeys),
        };
        descriptor.RedirectUris.UnionWith(app.Browser.RedirectUris);
        descriptor.PostLogoutRedirectUris.UnionWith(app.Browser.PostLogoutRedirectUris);
        Permit(descriptor, app);
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
        return descriptor;

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                descriptor.Settings[name] = value;
            }
        }
    }

    private static void Permit(OpenIddictApplicationDescriptor descriptor, AppEntry app)
    {
        descriptor.Permissions.UnionWith(
        [
            Permissions.Endpoints.Token,
            Permissions.Endpoints.Revocation,
            .. app.Grants.Select(grant => Permissions.Prefixes.GrantType + (grant is DeviceCode ? GrantTypes.DeviceCode : grant)),
            .. app.Scopes.Select(scope => Permissions.Prefixes.Scope + scope.Name),
        ]);

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

        // RFC 7662 2.1: a caller that asks about tokens must authenticate.
        if (!app.IsPublic)
        {
            descriptor.Permissions.Add(Permissions.Endpoints.Introspection);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;
using AuthServer.Hosting;
using AuthServer.Platform;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Settings = OpenIddict.Abstractions.OpenIddictConstants.Settings;

namespace AuthServer.Operations;

/// <summary>Translates between fields and registrations, by the rules of the platform file.</summary>
internal static class AppRegistration
{
    private static readonly AppReader Reader = new(new SecretReference("", isDevelopment: true), isDevelopment: true);

    /// <param name="known">The scopes that an app may have.</param>
    /// <exception cref="OperationException">A rule of the platform file does not allow it.</exception>
    public static OpenIddictApplicationDescriptor Check(string id, AppFields fields, HashSet<string> known)
    {
        var sent = SentOf(id, fields);
        var map = sent.ToMap();
        var app = Reader.Read(map);
        foreach (var (place, name) in app.Scopes.Where(scope => !known.Contains(scope.Name)))
        {
            map.Report(place, $"There is no scope '{name}'.");
        }

        sent.Check();
        return AppDescriptor.Of(app);
    }

    /// <summary>
    /// Changes <paramref name="app"/> where <paramref name="wanted"/> is another than <paramref name="present"/>; everything else stays.
    /// </summary>
    /// <param name="app">The registration of <paramref name="present"/>.</param>
    /// <returns>True if anything has changed.</returns>
    /// <exception cref="OperationException">A rule of the platform file does not allow it.</exception>
    public static bool Change(OpenIddictApplicationDescriptor app, AppView present, AppFields wanted, HashSet<string> known)
    {
        var before = AppDescriptor.Of(Reader.Read(SentOf(present.Id, present).ToMap()));
        var changed = new List<string>();
        AppField.Merge(
            Check(present.Id, wanted, known),
            AppField.All.ToDictionary(field => field.Name, field => field.Read(before)),
            app,
            changed,
            kept: []);
        return changed.Count > 0;
    }

    public static AppView View(OpenIddictApplicationDescriptor app, Client client)
    {
        string[] grants = [.. Having(Permissions.Prefixes.GrantType).Select(ShortName)];
        return new AppView
        {
            Id = client.ClientId!,
            Name = app.DisplayName,
            Type = app.ApplicationType is ApplicationTypes.Native ? ApplicationTypes.Native : app.ClientType,
            State = client.DisabledAt is null ? "active" : "disabled",
            DisabledAt = client.DisabledAt,
            HasSecret = app.ClientSecret is not null,
            PublicKeys = client.JsonWebKeySet is { Length: > 0 } keys ? KeysOf(keys) : null,
            Grants = grants,
            Scopes = Having(Permissions.Prefixes.Scope),
            RedirectUris = Texts(app.RedirectUris),
            PostLogoutRedirectUris = Texts(app.PostLogoutRedirectUris),
            BackchannelLogoutUri = app.Settings.GetValueOrDefault(ClientPolicy.BackChannelLogoutSetting),
            FrontchannelLogoutUri = app.Settings.GetValueOrDefault(ClientPolicy.FrontChannelLogoutSetting),
            FrontchannelLogoutSessionRequired = app.Settings.GetValueOrDefault(ClientPolicy.FrontChannelLogoutSessionSetting) is not "false",
            Consent = app.ConsentType,

            // Without codes, there is nothing that PKCE could protect, and so no requirement is stored.
            Pkce = !grants.Contains(GrantTypes.AuthorizationCode)
                || app.Requirements.Contains(Requirements.Features.ProofKeyForCodeExchange) ? "required" : "optional",
            Url = app.Settings.GetValueOrDefault(ClientPolicy.AddressSetting),
            Logo = app.Settings.GetValueOrDefault(ClientPolicy.LogoSetting),
            Origins = app.Settings.GetValueOrDefault(ClientOrigins.Setting, "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            AccessTokenLifetime = Lifetime(Settings.TokenLifetimes.AccessToken),
            RefreshTokenLifetime = Lifetime(Settings.TokenLifetimes.RefreshToken),
            RefreshTokenIdleLifetime = Lifetime(ClientPolicy.IdleLifetimeSetting),
            RefreshTokenLeeway = Lifetime(ClientPolicy.LeewaySetting),
            Version = client.ConcurrencyToken,
            Client = client,
        };

        string[] Having(string prefix) =>
        [
            .. app.Permissions.Where(permission => permission.StartsWith(prefix, StringComparison.Ordinal))
                .Select(permission => permission[prefix.Length..]).Order(StringComparer.Ordinal),
        ];

        string? Lifetime(string setting) =>
            TimeSpan.TryParse(app.Settings.GetValueOrDefault(setting), CultureInfo.InvariantCulture, out var value)
                ? Duration.Text(value)
                : null;
    }

    private static SentFields SentOf(string id, AppFields fields)
    {
        var sent = new SentFields();
        sent.Add("id", id);
        sent.Add("name", fields.Name);
        sent.Add("type", fields.Type);
        sent.Add("grants", fields.Grants);
        sent.Add("scopes", fields.Scopes);
        sent.Add("redirect_uris", fields.RedirectUris);
        sent.Add("post_logout_redirect_uris", fields.PostLogoutRedirectUris);
        sent.Add("backchannel_logout_uri", fields.BackchannelLogoutUri);
        sent.Add("frontchannel_logout_uri", fields.FrontchannelLogoutUri);
        sent.Add("frontchannel_logout_session_required", fields.FrontchannelLogoutSessionRequired is false ? "false" : null);
        sent.Add("consent", fields.Consent);
        sent.Add("pkce", fields.Pkce);
        sent.Add("url", fields.Url);
        sent.Add("logo", fields.Logo);
        sent.Add("origins", fields.Origins);
        sent.Add("access_token_lifetime", fields.AccessTokenLifetime);
        sent.Add("refresh_token_lifetime", fields.RefreshTokenLifetime);
        sent.Add("refresh_token_idle_lifetime", fields.RefreshTokenIdleLifetime);
        sent.Add("refresh_token_leeway", fields.RefreshTokenLeeway);

        sent.Add("public_keys", fields.PublicKeys is { } keys ? keys.GetRawText() : null);
        return sent;
    }

    // OpenIddict also stores members without a value, as empty lists.
    private static JsonElement KeysOf(string stored)
    {
        var set = JsonNode.Parse(stored)!.AsObject();
        foreach (var key in set["keys"]?.AsArray() ?? [])
        {
            foreach (var empty in key!.AsObject().Where(member => member.Value is JsonArray { Count: 0 }).ToList())
            {
                key.AsObject().Remove(empty.Key);
            }
        }

        return JsonSerializer.SerializeToElement(set);
    }

    private static string ShortName(string grant) => grant is GrantTypes.DeviceCode ? AppDescriptor.DeviceCode : grant;

    private static string[] Texts(IEnumerable<Uri> addresses) =>
        [.. addresses.Select(uri => uri.OriginalString).Order(StringComparer.Ordinal)];
}

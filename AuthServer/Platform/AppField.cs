using System.Text.Json;
using AuthServer.Clients;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>A part of an app that is merged on its own: the file may change one field while an operator has changed another.</summary>
/// <param name="Name">The key in the platform file.</param>
/// <param name="Read">Returns the value as text for comparison; null if there is none.</param>
/// <param name="Copy">Copies the value from the first descriptor to the second.</param>
internal sealed record AppField(
    string Name, Func<OpenIddictApplicationDescriptor, string?> Read,
    Action<OpenIddictApplicationDescriptor, OpenIddictApplicationDescriptor> Copy)
{
    /// <summary>Every field that <see cref="AppDescriptor"/> writes.</summary>
    public static readonly IReadOnlyList<AppField> All =
    [
        new("name", app => app.DisplayName, (from, to) => to.DisplayName = from.DisplayName),
        new(
            "type",
            app => $"{app.ClientType} {app.ApplicationType}",
            (from, to) => (to.ClientType, to.ApplicationType) = (from.ClientType, from.ApplicationType)),
        new(
            "public_keys",
            app => app.JsonWebKeySet is { } set ? Text(set.Keys.Select(Members)) : null,
            (from, to) => to.JsonWebKeySet = from.JsonWebKeySet),
        new(
            "grants",
            app => Text(Ordered(app.Permissions, IsOfGrants)),
            (from, to) => Replace(from.Permissions, to.Permissions, IsOfGrants)),
        new("scopes", app => Text(Ordered(app.Permissions, IsScope)), (from, to) => Replace(from.Permissions, to.Permissions, IsScope)),
        new(
            "pkce",
            app => Text(Ordered(app.Requirements, _ => true)),
            (from, to) => Replace(from.Requirements, to.Requirements, _ => true)),
        new("consent", app => app.ConsentType, (from, to) => to.ConsentType = from.ConsentType),
        new(
            "redirect_uris",
            app => Text(Addresses(app.RedirectUris)),
            (from, to) => Replace(from.RedirectUris, to.RedirectUris, _ => true)),
        new(
            "post_logout_redirect_uris",
            app => Text(Addresses(app.PostLogoutRedirectUris)),
            (from, to) => Replace(from.PostLogoutRedirectUris, to.PostLogoutRedirectUris, _ => true)),
        Setting("url", ClientPolicy.AddressSetting),
        Setting("logo", ClientPolicy.LogoSetting),
        Setting("backchannel_logout_uri", ClientPolicy.BackChannelLogoutSetting),
        Setting("frontchannel_logout_uri", ClientPolicy.FrontChannelLogoutSetting),
        Setting("frontchannel_logout_session_required", ClientPolicy.FrontChannelLogoutSessionSetting),
        Setting("origins", ClientOrigins.Setting),
        Setting("access_token_lifetime", Settings.TokenLifetimes.AccessToken),
        Setting("refresh_token_lifetime", Settings.TokenLifetimes.RefreshToken),
        Setting("refresh_token_idle_lifetime", ClientPolicy.IdleLifetimeSetting),
        Setting("refresh_token_leeway", ClientPolicy.LeewaySetting),
    ];

    /// <summary>Merges the file into an app, field by field.</summary>
    /// <param name="said">The file's values when it was last applied; null if it never was.</param>
    /// <param name="changed">Gets the fields that the file changes.</param>
    /// <param name="kept">Gets the fields in which the app stays different from the file, because they were changed here.</param>
    public static void Merge(
        OpenIddictApplicationDescriptor file, Dictionary<string, string?>? said, OpenIddictApplicationDescriptor app,
        List<string> changed, List<string> kept)
    {
        foreach (var field in All)
        {
            var text = field.Read(file);
            if (text == field.Read(app))
            {
                continue;
            }

            if (said is not null && said.GetValueOrDefault(field.Name) == text)
            {
                kept.Add(field.Name);
                continue;
            }

            field.Copy(file, app);
            changed.Add(field.Name);
        }
    }

    /// <returns>The file's values, for the comparison at the next apply.</returns>
    public static string Declared(OpenIddictApplicationDescriptor file) => Text(
        All.Select(field => (field.Name, Value: field.Read(file))).Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Value));

    private static AppField Setting(string name, string setting) => new(name, app => app.Settings.GetValueOrDefault(setting), (from, to) =>
    {
        to.Settings.Remove(setting);
        if (from.Settings.TryGetValue(setting, out var value))
        {
            to.Settings[setting] = value;
        }
    });

    private static bool IsScope(string permission) => permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal);

    private static bool IsOfGrants(string permission) => !IsScope(permission);

    private static IEnumerable<string> Ordered(IEnumerable<string> values, Func<string, bool> which) =>
        values.Where(which).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Addresses(IEnumerable<Uri> addresses) =>
        addresses.Select(uri => uri.OriginalString).Order(StringComparer.Ordinal);

    private static void Replace<T>(HashSet<T> from, HashSet<T> to, Func<T, bool> which)
    {
        to.RemoveWhere(value => which(value));
        to.UnionWith(from.Where(which));
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);

    private static string?[] Members(JsonWebKey key) =>
        [key.Kty, key.Kid, key.Use, key.Alg, key.Crv, key.X, key.Y, key.N, key.E, .. key.X5c];
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>What a client's registration and the server's settings come to together, read once.</summary>
internal sealed class ClientPolicy
{
    /// <summary>A client's own <see cref="ConnectOptions.RefreshTokenLeeway"/>, a <see cref="TimeSpan"/> in format <c>c</c>.</summary>
    public const string LeewaySetting = "refresh_token_leeway";

    /// <summary>A client's own <see cref="ConnectOptions.RefreshTokenIdleLifetime"/>, a <see cref="TimeSpan"/> in format <c>c</c>.</summary>
    public const string IdleLifetimeSetting = "refresh_token_idle_lifetime";

    /// <summary>Where a client is, for people: <c>client_uri</c> of RFC 7591 2.</summary>
    public const string AddressSetting = "client_uri";

    /// <summary>An image of it: <c>logo_uri</c> of RFC 7591 2.</summary>
    public const string LogoSetting = "logo_uri";

    /// <summary>Where a client takes logout tokens: <c>backchannel_logout_uri</c> of OpenID Connect Back-Channel Logout 1.0, 2.2.</summary>
    public const string BackChannelLogoutSetting = "backchannel_logout_uri";

    /// <summary>What of a client the browser loads when the person signs out: <c>frontchannel_logout_uri</c> of OpenID Connect Front-Channel Logout 1.0, 2.</summary>
    public const string FrontChannelLogoutSetting = "frontchannel_logout_uri";

    /// <summary>Whether <c>iss</c> and <c>sid</c> are added to it, as <c>frontchannel_logout_session_required</c> asks for there: <c>false</c> for not.</summary>
    public const string FrontChannelLogoutSessionSetting = "frontchannel_logout_session_required";

    private readonly FrozenSet<string> permissions;

    public ClientPolicy(Client client, ConnectOptions options)
    {
        permissions = Read<string[]>(client.Permissions, []).ToFrozenSet(StringComparer.Ordinal);
        var settings = Read<Dictionary<string, string>>(client.Settings, []);
        Address = settings.GetValueOrDefault(AddressSetting);
        Logo = settings.GetValueOrDefault(LogoSetting);
        BackChannelLogoutUri = settings.GetValueOrDefault(BackChannelLogoutSetting);
        FrontChannelLogoutUri = settings.GetValueOrDefault(FrontChannelLogoutSetting);
        FrontChannelLogoutNamesSession = settings.GetValueOrDefault(FrontChannelLogoutSessionSetting) is not "false";
        IsConfidential = client.ClientType is ClientTypes.Confidential;
        AccessLifetime = Own(Settings.TokenLifetimes.AccessToken) ?? options.AccessTokenLifetime;
        RefreshLifetime = Own(Settings.TokenLifetimes.RefreshToken) ?? options.RefreshTokenLifetime;
        IdleLifetime = Own(IdleLifetimeSetting) ?? options.RefreshTokenIdleLifetime ?? RefreshLifetime;
        Leeway = Own(LeewaySetting) ?? options.RefreshTokenLeeway;

        TimeSpan? Own(string name) =>
            settings.TryGetValue(name, out var text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    public bool IsConfidential { get; }

    /// <summary>See <see cref="AddressSetting"/>.</summary>
    public string? Address { get; }

    /// <summary>See <see cref="LogoSetting"/>.</summary>
    public string? Logo { get; }

    /// <summary>See <see cref="BackChannelLogoutSetting"/>.</summary>
    public string? BackChannelLogoutUri { get; }

    /// <summary>See <see cref="FrontChannelLogoutSetting"/>.</summary>
    public string? FrontChannelLogoutUri { get; }

    /// <summary>See <see cref="FrontChannelLogoutSessionSetting"/>.</summary>
    public bool FrontChannelLogoutNamesSession { get; }

    public TimeSpan AccessLifetime { get; }

    /// <summary>How long after the sign-in refreshing goes on at most.</summary>
    public TimeSpan RefreshLifetime { get; }

    /// <summary>How long a refresh token that is not used stays good.</summary>
    public TimeSpan IdleLifetime { get; }

    /// <summary>How long a redeemed refresh token gets the same successor again.</summary>
    public TimeSpan Leeway { get; }

    /// <summary>Until when a refresh token issued now can be redeemed: the idle lifetime, and never past the end of the sign-in.</summary>
    public DateTimeOffset RefreshUntil(DateTimeOffset signedInAt, DateTimeOffset now)
    {
        var end = signedInAt + RefreshLifetime;
        return now + IdleLifetime < end ? now + IdleLifetime : end;
    }

    /// <summary>The scopes that it is registered for, in no order.</summary>
    public IEnumerable<string> RegisteredScopes =>
        from permission in permissions
        where permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)
        select permission[Permissions.Prefixes.Scope.Length..];

    /// <param name="permission">One of <see cref="Permissions"/>.</param>
    public bool Allows(string permission) => permissions.Contains(permission);

    public bool Grants(string scope) => scope switch
    {
        // It names no data: what a sign-in tells by itself is who it was.
        Scopes.OpenId => true,

        // Follows from the grant: whoever may refresh may have what is refreshed with.
        Scopes.OfflineAccess => permissions.Contains(Permissions.GrantTypes.RefreshToken),
        _ => permissions.Contains(Permissions.Prefixes.Scope + scope),
    };

    private static T Read<T>(string? json, T none) => string.IsNullOrEmpty(json) ? none : JsonSerializer.Deserialize<T>(json) ?? none;
}

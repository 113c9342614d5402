using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using AuthServer.Protocol;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Clients;

/// <summary>The result of a client's registration and the server's settings, parsed once.</summary>
internal sealed class ClientPolicy
{
    /// <summary>A client's own <see cref="ConnectOptions.RefreshTokenLeeway"/>, a <see cref="TimeSpan"/> in format <c>c</c>.</summary>
    public const string LeewaySetting = "refresh_token_leeway";

    /// <summary>
    /// A client's own <see cref="ConnectOptions.RefreshTokenIdleLifetime"/>, a <see cref="TimeSpan"/> in format <c>c</c>.
    /// </summary>
    public const string IdleLifetimeSetting = "refresh_token_idle_lifetime";

    /// <summary>The client's address for people: <c>client_uri</c> of RFC 7591 2.</summary>
    public const string AddressSetting = "client_uri";

    /// <summary>The address of the client's logo: <c>logo_uri</c> of RFC 7591 2.</summary>
    public const string LogoSetting = "logo_uri";

    /// <summary>
    /// Where the client receives logout tokens: <c>backchannel_logout_uri</c> of OpenID Connect Back-Channel Logout 1.0, 2.2.
    /// </summary>
    public const string BackChannelLogoutSetting = "backchannel_logout_uri";

    /// <summary>
    /// The client's page that the browser loads when the person signs out: <c>frontchannel_logout_uri</c> of OpenID Connect Front-Channel
    /// Logout 1.0, 2.
    /// </summary>
    public const string FrontChannelLogoutSetting = "frontchannel_logout_uri";

    /// <summary>
    /// Whether <c>iss</c> and <c>sid</c> are added to that address: <c>frontchannel_logout_session_required</c> of the same section.
    /// They are added unless it is <c>false</c>.
    /// </summary>
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

    /// <summary>How long after the sign-in tokens can be refreshed at most.</summary>
    public TimeSpan RefreshLifetime { get; }

    /// <summary>How long an unused refresh token is valid.</summary>
    public TimeSpan IdleLifetime { get; }

    /// <summary>How long after its redemption a refresh token still gets the same successor.</summary>
    public TimeSpan Leeway { get; }

    /// <summary>
    /// When a refresh token issued now expires: after the idle lifetime, but no later than <see cref="RefreshLifetime"/> allows.
    /// </summary>
    public DateTimeOffset RefreshUntil(DateTimeOffset signedInAt, DateTimeOffset now)
    {
        var end = signedInAt + RefreshLifetime;
        return now + IdleLifetime < end ? now + IdleLifetime : end;
    }

    /// <summary>The scopes that the client is registered for, unordered.</summary>
    public IEnumerable<string> RegisteredScopes =>
        from permission in permissions
        where permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)
        select permission[Permissions.Prefixes.Scope.Length..];

    /// <param name="permission">One of <see cref="Permissions"/>.</param>
    public bool Allows(string permission) => permissions.Contains(permission);

    public bool Grants(string scope) => scope switch
    {
        // It gives access to no data beyond the subject, which every sign-in tells.
        Scopes.OpenId => true,

        // A client with the refresh token grant may have refresh tokens.
        Scopes.OfflineAccess => permissions.Contains(Permissions.GrantTypes.RefreshToken),
        _ => permissions.Contains(Permissions.Prefixes.Scope + scope),
    };

    private static T Read<T>(string? json, T none) => string.IsNullOrEmpty(json) ? none : JsonSerializer.Deserialize<T>(json) ?? none;
}

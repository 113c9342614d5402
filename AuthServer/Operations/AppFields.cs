using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Clients;

namespace AuthServer.Operations;

/// <summary>
/// What an app is registered with. The fields mean what they mean in the platform file: docs/platform-file.md. A field without a value has
/// the default of that file.
/// </summary>
internal record AppFields
{
    /// <summary>Shown to users.</summary>
    public string? Name { get; init; }

    /// <summary><c>confidential</c>, <c>public</c> or <c>native</c>.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// <c>authorization_code</c>, <c>device_code</c>, <c>password</c>, <c>refresh_token</c>, <c>client_credentials</c>.
    /// </summary>
    public IReadOnlyList<string>? Grants { get; init; }

    /// <summary>The scopes that it may ask for.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Where browsers may be sent with a code.</summary>
    public IReadOnlyList<string>? RedirectUris { get; init; }

    /// <summary>Where browsers may be sent after a sign-out.</summary>
    public IReadOnlyList<string>? PostLogoutRedirectUris { get; init; }

    /// <summary>Where the server tells the app that a session has ended.</summary>
    public string? BackchannelLogoutUri { get; init; }

    /// <summary>The app's page that the browser loads when the user signs out.</summary>
    public string? FrontchannelLogoutUri { get; init; }

    /// <summary>Whether <c>iss</c> and <c>sid</c> are added to that address.</summary>
    public bool? FrontchannelLogoutSessionRequired { get; init; }

    /// <summary><c>explicit</c> if users are asked, otherwise <c>implicit</c>.</summary>
    public string? Consent { get; init; }

    /// <summary><c>required</c> or <c>optional</c>.</summary>
    public string? Pkce { get; init; }

    /// <summary>The app's page for users.</summary>
    public string? Url { get; init; }

    /// <summary>The address of the app's logo.</summary>
    public string? Logo { get; init; }

    /// <summary>Further origins whose scripts may call the server (CORS).</summary>
    public IReadOnlyList<string>? Origins { get; init; }

    /// <summary>A whole number and a unit: <c>15m</c>. Null for the server's setting.</summary>
    public string? AccessTokenLifetime { get; init; }

    /// <inheritdoc cref="AccessTokenLifetime"/>
    public string? RefreshTokenLifetime { get; init; }

    /// <inheritdoc cref="AccessTokenLifetime"/>
    public string? RefreshTokenIdleLifetime { get; init; }

    /// <inheritdoc cref="AccessTokenLifetime"/>
    public string? RefreshTokenLeeway { get; init; }

    /// <summary>A JWKS (RFC 7517) with public keys, in place of a secret.</summary>
    public JsonElement? PublicKeys { get; init; }
}

/// <summary>A registered app.</summary>
internal sealed record AppView : AppFields
{
    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>active</c> or <c>disabled</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it was disabled; null if it is active.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Whether it authenticates with a secret.</summary>
    public bool HasSecret { get; init; }

    /// <summary>A new secret, in the answer to the request that has made it and never again.</summary>
    public string? Secret { get; init; }

    /// <summary>Changes with every change of the app.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>The row.</summary>
    [JsonIgnore]
    public Client Client { get; init; } = null!;
}

using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol;

/// <summary>The section <c>Connect</c>. Lifetimes are <c>d.hh:mm:ss</c>; a client's own win.</summary>
internal sealed class ConnectOptions
{
    public const string Section = "Connect";

    /// <summary>The issuer identifier (RFC 8414 2): https, or http on loopback. Required.</summary>
    public string? Issuer { get; set; }

    /// <summary>Default: 1 hour.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Default: 20 minutes.</summary>
    public TimeSpan IdentityTokenLifetime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long after the sign-in refreshing goes on at most. Default: 30 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a refresh token that is not used stays good, within <see cref="RefreshTokenLifetime"/>. Default: that long.</summary>
    public TimeSpan? RefreshTokenIdleLifetime { get; set; }

    /// <summary>How long a used refresh token is taken again: tabs, and answers that got lost. Default: 30 seconds; 0 for never.</summary>
    public TimeSpan RefreshTokenLeeway { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a pushed authorization request waits for the browser (RFC 9126 2.2). One that has come in time is kept while the person signs in.
    /// 5 to 600 seconds. Default: 90 seconds.
    /// </summary>
    public TimeSpan PushedRequestLifetime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The JWS algorithm of access tokens. Default: ES256.</summary>
    public string AccessTokenSigningAlgorithm { get; set; } = SecurityAlgorithms.EcdsaSha256;

    /// <summary>The JWS algorithm of ID tokens. Default: RS256, which OpenID Connect makes mandatory.</summary>
    public string IdentityTokenSigningAlgorithm { get; set; } = SecurityAlgorithms.RsaSha256;

    /// <summary><see cref="Issuer"/>, which has been validated at start.</summary>
    public Uri IssuerUri => new(Issuer!);

    public IEnumerable<string> SigningAlgorithms => new[] { AccessTokenSigningAlgorithm, IdentityTokenSigningAlgorithm }.Distinct();
}

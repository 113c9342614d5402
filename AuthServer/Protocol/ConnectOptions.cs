using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol;

/// <summary>
/// The section <c>Connect</c>: the issuer, and the lifetimes and signatures of its tokens. An app can have its own lifetimes, which win.
/// </summary>
internal sealed class ConnectOptions
{
    public const string Section = "Connect";

    /// <summary>
    /// The issuer identifier (RFC 8414 2), the <c>iss</c> of every token. Every address that the server writes begins with it.
    /// </summary>
    /// <value default="none; required">https origin without a path; http on loopback only</value>
    public string? Issuer { get; set; }

    /// <summary>How long an access token is valid. An app can have its own value.</summary>
    /// <value>1 second to 3650 days</value>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an ID token is valid.</summary>
    /// <value>1 second to 3650 days</value>
    public TimeSpan IdentityTokenLifetime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long after the sign-in an app can refresh its tokens, at most. An app can have its own value.</summary>
    /// <value>1 second to 3650 days</value>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long an unused refresh token is valid, within <see cref="RefreshTokenLifetime"/>. An app can have its own value.
    /// </summary>
    /// <value default="as `RefreshTokenLifetime`">1 second to 3650 days</value>
    public TimeSpan? RefreshTokenIdleLifetime { get; set; }

    /// <summary>
    /// How long a redeemed refresh token still returns the same successor. It covers parallel requests and lost answers. 0 allows no second
    /// use. An app can have its own value.
    /// </summary>
    /// <value>0 to 10 minutes</value>
    public TimeSpan RefreshTokenLeeway { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a pushed authorization request waits for the browser (RFC 9126 2.2). Once the browser has presented it in time, it is kept
    /// while the user signs in.
    /// </summary>
    /// <value>5 to 600 seconds</value>
    public TimeSpan PushedRequestLifetime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The JWS algorithm of access tokens.</summary>
    /// <value><c>ES256</c> <c>ES384</c> <c>ES512</c> <c>RS256</c> <c>RS384</c> <c>RS512</c> <c>PS256</c> <c>PS384</c> <c>PS512</c></value>
    public string AccessTokenSigningAlgorithm { get; set; } = SecurityAlgorithms.EcdsaSha256;

    /// <summary>The JWS algorithm of ID tokens. OpenID Connect makes <c>RS256</c> mandatory.</summary>
    /// <value><c>ES256</c> <c>ES384</c> <c>ES512</c> <c>RS256</c> <c>RS384</c> <c>RS512</c> <c>PS256</c> <c>PS384</c> <c>PS512</c></value>
    public string IdentityTokenSigningAlgorithm { get; set; } = SecurityAlgorithms.RsaSha256;

    /// <summary><see cref="Issuer"/>, which has been validated at start.</summary>
    public Uri IssuerUri => new(Issuer!);

    public IEnumerable<string> SigningAlgorithms => new[] { AccessTokenSigningAlgorithm, IdentityTokenSigningAlgorithm }.Distinct();
}

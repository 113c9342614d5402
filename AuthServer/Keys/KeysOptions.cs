namespace AuthServer.Keys;

/// <summary>
/// The section <c>Keys</c>: what protects the issuer's keys where they lie in the database, and when one follows the other.
/// Durations are <c>d.hh:mm:ss</c>.
/// </summary>
internal sealed class KeysOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// A PKCS#12 file with an RSA certificate and its private key, which encrypts the Data Protection key ring.
    /// Required outside Development.
    /// </summary>
    public string? CertificatePath { get; set; }

    public string? CertificatePassword { get; set; }

    /// <summary>
    /// Lets a server outside Development keep the key ring in the clear: who reads the database can then sign tokens.
    /// Default: no. Logged as a warning at each start.
    /// </summary>
    public bool AllowUnprotectedKeyRing { get; set; }

    /// <summary>How long a key signs or encrypts. Default: 90 days; longer than <see cref="AnnouncementTime"/>, at most 3650 days.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a key is in the JWKS before it signs. Default: 1 day, because many APIs fetch keys twice a day whatever they are
    /// told. At least <see cref="JwksCacheTime"/> and 5 minutes; in Development only what nodes need to learn of it.
    /// </summary>
    public TimeSpan AnnouncementTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long others may keep the JWKS and the discovery document, <c>Cache-Control: max-age</c>. Default: 5 minutes; 0 to 1 day.</summary>
    public TimeSpan JwksCacheTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a key is kept after the last token of it has expired: clocks differ. Default: 1 hour; 0 to 365 days.</summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a node looks for what others have changed. Default: 5 seconds; 0.1 seconds to 1 minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a node uses is not older: less than <see cref="Spread"/> by what a commit may take.</summary>
    internal TimeSpan LongestAge => 1.5 * PollInterval;

    /// <summary>After this time every node has seen a change, unless the database was away.</summary>
    internal TimeSpan Spread => 2 * PollInterval;
}

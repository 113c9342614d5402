namespace AuthServer.Keys;

/// <summary>
/// The section <c>Keys</c>: how the issuer's keys are protected in the database, and when a new key replaces an old one. See
/// <see href="keys.md">keys</see>.
/// </summary>
internal sealed class KeysOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// An RSA certificate with its private key. It encrypts the Data Protection key ring, which encrypts the issuer's keys in the database.
    /// </summary>
    /// <value default="none; required outside Development">a PKCS#12 file with an RSA key</value>
    public string? CertificatePath { get; set; }

    /// <summary>The password that opens the certificate's file.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>
    /// Lets a server outside Development run without the certificate. Anybody who reads the database can then sign tokens. Each start logs
    /// a warning.
    /// </summary>
    public bool AllowUnprotectedKeyRing { get; set; }

    /// <summary>How long a key signs or encrypts. See <see href="keys.md#rotation">rotation</see>.</summary>
    /// <value>1 second to 3650 days, longer than <c>AnnouncementTime</c></value>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a key is in the JWKS before it signs. The default is a day because many APIs fetch keys only twice a day, whatever
    /// <c>Cache-Control</c> says.
    /// </summary>
    /// <value>at least <c>JwksCacheTime</c> and 5 minutes; in Development at least twice <c>PollInterval</c></value>
    public TimeSpan AnnouncementTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long others may keep the JWKS and the discovery document (<c>Cache-Control: max-age</c>).</summary>
    /// <value>0 to 1 day</value>
    public TimeSpan JwksCacheTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a key is kept after its last token has expired. It allows for clocks that differ.</summary>
    /// <value>0 to 365 days</value>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a node looks for keys that other nodes have made or revoked.</summary>
    /// <value>0.1 seconds to 1 minute</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The greatest age of the keys that a node uses. It is shorter than <see cref="Spread"/> by the time that a commit may take.
    /// </summary>
    internal TimeSpan LongestAge => 1.5 * PollInterval;

    /// <summary>After this time every node has seen a change, unless it could not reach the database.</summary>
    internal TimeSpan Spread => 2 * PollInterval;
}

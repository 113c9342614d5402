namespace AuthServer.Keys;

/// <summary>The section <c>Keys</c>: what protects the issuer's keys where they lie in the database.</summary>
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
}

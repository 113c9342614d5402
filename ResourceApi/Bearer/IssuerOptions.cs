namespace ResourceApi.Bearer;

/// <summary>The section <c>Issuer</c>: the issuer whose access tokens this API accepts.</summary>
internal sealed class IssuerOptions
{
    public const string Section = "Issuer";

    /// <summary>
    /// The issuer identifier, as in <c>iss</c> and in the discovery document. A trailing slash makes no difference if there is no path.
    /// </summary>
    /// <value default="none; required">https URL; http on loopback only</value>
    public string? Authority { get; set; }

    /// <summary>
    /// The origin to connect to in place of <see cref="Authority"/>, for example <c>http://authserver:8080</c> inside a container network.
    /// URLs, the <c>Host</c> header and the validation of the issuer still use <see cref="Authority"/>.
    /// </summary>
    /// <value>http or https origin</value>
    public string? BackChannelAddress { get; set; }

    // The settings are text, because the binder throws a stack trace for a value that is not a URI.
    internal Uri? AuthorityUri => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) ? uri : null;

    internal Uri? BackChannelUri => Uri.TryCreate(BackChannelAddress, UriKind.Absolute, out var uri) ? uri : null;
}

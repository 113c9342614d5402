namespace ResourceApi.Bearer;

/// <summary>Section <c>Issuer</c>: whose access tokens this API accepts.</summary>
internal sealed class IssuerOptions
{
    /// <summary>
    /// The issuer identifier, as in <c>iss</c> and in the discovery document. Required. Absolute, https unless loopback.
    /// A trailing slash makes no difference when there is no path.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>
    /// Origin to dial in place of the authority's, for example <c>http://authserver:8080</c> inside a container network.
    /// Default: none. Only the connection goes there: URLs, Host header and issuer validation stay those of
    /// <see cref="Authority"/>.
    /// </summary>
    public string? BackChannelAddress { get; set; }

    // The settings are text, because the binder answers what is no URI with a stack trace.
    internal Uri? AuthorityUri => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) ? uri : null;

    internal Uri? BackChannelUri => Uri.TryCreate(BackChannelAddress, UriKind.Absolute, out var uri) ? uri : null;

    internal bool AuthorityIsIdentifier => AuthorityUri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };

    internal bool AuthorityIsPrivate => !AuthorityIsIdentifier || AuthorityUri is { Scheme: "https" } or { IsLoopback: true };

    internal bool BackChannelAddressIsOrigin
        => string.IsNullOrEmpty(BackChannelAddress) || BackChannelUri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}

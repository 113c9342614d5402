namespace SampleClient.Issuer;

/// <summary>Section <c>Issuer</c>: where people sign in.</summary>
internal sealed class IssuerOptions
{
    /// <summary>The issuer identifier. Required; an absolute URL, https unless loopback. A trailing slash makes no difference when there is no path.</summary>
    public Uri? Authority { get; set; }

    /// <summary>
    /// Origin to dial in place of the authority's, for example <c>http://authserver:8080</c> inside a container network.
    /// Default: none. URLs, Host header and issuer validation stay those of <see cref="Authority"/>.
    /// </summary>
    public Uri? BackChannelAddress { get; set; }

    internal bool AuthorityIsIdentifier => IsHttp(Authority) && Authority is { Query: "", Fragment: "", UserInfo: "" };

    internal bool AuthorityIsPrivate => !AuthorityIsIdentifier || Authority!.Scheme == Uri.UriSchemeHttps || Authority.IsLoopback;

    internal bool BackChannelAddressIsOrigin
        => BackChannelAddress is null || (IsHttp(BackChannelAddress) && BackChannelAddress.PathAndQuery is "/");

    private static bool IsHttp(Uri? uri)
        => uri is { IsAbsoluteUri: true } && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

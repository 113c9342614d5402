namespace SampleClient.Issuer;

/// <summary>Section <c>Issuer</c>: where people sign in.</summary>
internal sealed class IssuerOptions
{
    /// <summary>The issuer identifier. Required; an absolute URL, https unless loopback. A trailing slash makes no difference when there is no path.</summary>
    public string? Authority { get; set; }

    /// <summary>
    /// Origin to dial in place of the authority's, for example <c>http://authserver:8080</c> inside a container network.
    /// Default: none. URLs, Host header and issuer validation stay those of <see cref="Authority"/>.
    /// </summary>
    public string? BackChannelAddress { get; set; }

    /// <summary>How long somebody may take to sign in there, and the browser to come back. Default: 15 minutes; 1 second to 1 day.</summary>
    public TimeSpan SignInTimeLimit { get; set; } = TimeSpan.FromMinutes(15);

    // Text above, since the binder's way to say that something is no URL is a stack trace.
    internal Uri? AuthorityUri => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) ? uri : null;

    internal Uri? BackChannelUri => Uri.TryCreate(BackChannelAddress, UriKind.Absolute, out var uri) ? uri : null;

    internal bool AuthorityIsIdentifier => AuthorityUri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };

    internal bool AuthorityIsPrivate => !AuthorityIsIdentifier || AuthorityUri is { Scheme: "https" } or { IsLoopback: true };

    internal bool SignInTimeLimitIsUsable => SignInTimeLimit >= TimeSpan.FromSeconds(1) && SignInTimeLimit <= TimeSpan.FromDays(1);

    internal bool BackChannelAddressIsOrigin
        => string.IsNullOrEmpty(BackChannelAddress) || BackChannelUri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "" };
}

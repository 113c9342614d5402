namespace SampleClient.Api;

/// <summary>Section <c>Api</c>: the API that this app calls.</summary>
internal sealed class ApiOptions
{
    /// <summary>Where it is reached from this server. Required. http on loopback and inside a container network only: access tokens travel there.</summary>
    public Uri? BaseAddress { get; set; }

    internal bool BaseAddressIsAbsolute
        => BaseAddress is { IsAbsoluteUri: true, Query: "", Fragment: "" }
            && (BaseAddress.Scheme == Uri.UriSchemeHttp || BaseAddress.Scheme == Uri.UriSchemeHttps);

    // RFC 6750 5.3. A name without a dot is a service of the same container network.
    internal bool BaseAddressIsPrivate
        => !BaseAddressIsAbsolute || BaseAddress!.Scheme == Uri.UriSchemeHttps || BaseAddress.IsLoopback || !BaseAddress.Host.Contains('.', StringComparison.Ordinal);
}

namespace SampleClient.Api;

/// <summary>Section <c>Api</c>: the API that this app calls.</summary>
internal sealed class ApiOptions
{
    /// <summary>Where it is reached from this server. Required. http on loopback and inside a container network only: access tokens travel there.</summary>
    public string? BaseAddress { get; set; }

    internal Uri? BaseUri => Uri.TryCreate(BaseAddress?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) ? uri : null;

    internal bool BaseAddressIsAbsolute => BaseUri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };

    // RFC 6750 5.3. A name without a dot is a service of the same container network.
    internal bool BaseAddressIsPrivate
        => !BaseAddressIsAbsolute || BaseUri is { Scheme: "https" } or { IsLoopback: true }
            || (BaseUri!.HostNameType is UriHostNameType.Dns && !BaseUri.Host.Contains('.', StringComparison.Ordinal));
}

namespace SampleClient.Api;

/// <summary>The section <c>Api</c>: the API that this app calls.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>
    /// The address at which this server reaches the API. Access tokens travel there, so http is only allowed on loopback and inside a
    /// container network.
    /// </summary>
    /// <value default="none; required">https URL without query and fragment; http on loopback, or with a host name without a dot</value>
    public string? BaseAddress { get; set; }

    internal Uri? BaseUri => Uri.TryCreate(BaseAddress?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) ? uri : null;

    internal bool BaseAddressIsAbsolute => BaseUri is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" };

    // RFC 6750 5.3. A host name without a dot is a service in the same container network.
    internal bool BaseAddressIsPrivate
        => !BaseAddressIsAbsolute || BaseUri is { Scheme: "https" } or { IsLoopback: true }
            || (BaseUri!.HostNameType is UriHostNameType.Dns && !BaseUri.Host.Contains('.', StringComparison.Ordinal));
}

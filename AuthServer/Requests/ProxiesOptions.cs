namespace AuthServer.Requests;

/// <summary>
/// The section <c>Proxies</c>: whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. By default
/// nobody's, so that no client chooses the address that it is throttled by.
/// </summary>
internal sealed class ProxiesOptions
{
    public const string Section = "Proxies";

    /// <summary>IP addresses. Default: none.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>Networks in CIDR notation, <c>10.1.0.0/16</c>. Default: none.</summary>
    public string[] KnownNetworks { get; set; } = [];

    /// <summary>How many proxies a request passes at most, 1 to 20. Default: 1.</summary>
    public int ForwardLimit { get; set; } = 1;
}

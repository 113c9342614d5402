using System.Net;

namespace SampleClient.Hosting;

/// <summary>
/// Section <c>Proxies</c>: whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. By default nobody's, so that no
/// browser chooses the address that its sign-ins are counted by. Lists are separated by commas or spaces.
/// </summary>
internal sealed class ProxiesOptions
{
    /// <summary>IP addresses. Default: none.</summary>
    public string KnownProxies { get; set; } = "";

    /// <summary>Networks in CIDR notation, <c>10.1.0.0/16</c>. Default: none.</summary>
    public string KnownNetworks { get; set; } = "";

    /// <summary>How many proxies a request passes at most, 1 to 20. Default: 1.</summary>
    public int ForwardLimit { get; set; } = 1;

    internal string[] ProxyList => List(KnownProxies);

    internal string[] NetworkList => List(KnownNetworks);

    internal bool ProxiesAreAddresses => ProxyList.All(text => IPAddress.TryParse(text, out _));

    // A network of everybody would let any browser claim any address.
    internal bool NetworksAreNetworks => NetworkList.All(text => IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0);

    private static string[] List(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
}

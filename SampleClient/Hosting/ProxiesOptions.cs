namespace SampleClient.Hosting;

/// <summary>
/// The section <c>Proxies</c>: the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> headers are believed. By default no
/// header is believed; otherwise a browser could choose the address that its sign-ins are counted by.
/// </summary>
internal sealed class ProxiesOptions
{
    public const string Section = "Proxies";

    /// <summary>The addresses from which proxies connect.</summary>
    /// <value>IP addresses</value>
    public string KnownProxies { get; set; } = "";

    /// <summary>The networks from which proxies connect. A network that contains every address is refused.</summary>
    /// <value>networks such as <c>10.1.0.0/16</c></value>
    public string KnownNetworks { get; set; } = "";

    /// <summary>The largest number of proxies that a request passes.</summary>
    /// <value>1 to 20</value>
    public int ForwardLimit { get; set; } = 1;

    internal string[] ProxyList => List(KnownProxies);

    internal string[] NetworkList => List(KnownNetworks);

    private static string[] List(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
}

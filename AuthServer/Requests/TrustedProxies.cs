using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

/// <summary>Copies <see cref="ProxiesOptions"/> to the framework's forwarded headers, after all other configuration of them.</summary>
internal sealed class TrustedProxies(IOptions<ProxiesOptions> options) : IPostConfigureOptions<ForwardedHeadersOptions>
{
    public void PostConfigure(string? name, ForwardedHeadersOptions forwarded)
    {
        var proxies = options.Value;
        forwarded.KnownProxies.Clear();
        foreach (var proxy in proxies.KnownProxies)
        {
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.KnownNetworks)
        {
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        // The framework reads two empty lists as "believe everybody", and ASPNETCORE_FORWARDEDHEADERS_ENABLED empties them.
        forwarded.ForwardedHeaders = forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count > 0
            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
            : ForwardedHeaders.None;
        forwarded.ForwardLimit = proxies.ForwardLimit;
    }
}

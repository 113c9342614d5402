using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace SampleClient.Hosting;

/// <summary>
/// Applies <see cref="ProxiesOptions"/> to the framework's forwarded headers, after all other configuration of them.
/// </summary>
internal static class TrustedProxies
{
    public static void AddTrustedProxies(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ProxiesOptions>, ProxiesOptionsValidator>();
        services.AddOptions<ProxiesOptions>().BindConfiguration(ProxiesOptions.Section).ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>()
            .PostConfigure<IOptions<ProxiesOptions>>((forwarded, proxies) => Trust(forwarded, proxies.Value));
    }

    private static void Trust(ForwardedHeadersOptions forwarded, ProxiesOptions proxies)
    {
        forwarded.KnownProxies.Clear();
        foreach (var proxy in proxies.ProxyList)
        {
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies.NetworkList)
        {
            forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        // The framework takes two empty lists to mean that every proxy is trusted.
        forwarded.ForwardedHeaders = forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count > 0
            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
            : ForwardedHeaders.None;
        forwarded.ForwardLimit = proxies.ForwardLimit;
    }
}

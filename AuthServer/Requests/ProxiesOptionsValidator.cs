using System.Net;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

internal sealed class ProxiesOptionsValidator : IValidateOptions<ProxiesOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxiesOptions options)
    {
        var failures = new SettingFailures(ProxiesOptions.Section);
        foreach (var text in options.KnownProxies.Where(text => !IPAddress.TryParse(text, out _)))
        {
            failures.Add(nameof(options.KnownProxies), $"has '{text}'; it must be an IP address.");
        }

        foreach (var text in options.KnownNetworks)
        {
            if (!IPNetwork.TryParse(text, out var network))
            {
                failures.Add(nameof(options.KnownNetworks), $"has '{text}'; it must be a network as 10.1.0.0/16.");
            }
            else if (network.PrefixLength is 0)
            {
                failures.Add(nameof(options.KnownNetworks), $"has '{text}', which is everybody: any client could claim any address.");
            }
        }

        failures.Between(options.ForwardLimit, 1, 20);
        return failures.Result;
    }
}

using System.Net;
using Microsoft.Extensions.Options;

namespace SampleClient.Hosting;

internal sealed class ProxiesOptionsValidator : IValidateOptions<ProxiesOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxiesOptions options)
    {
        var failures = new List<string>();
        if (!options.ProxyList.All(text => IPAddress.TryParse(text, out _)))
        {
            failures.Add($"{Key(nameof(options.KnownProxies))} must be IP addresses.");
        }

        // A network that contains every address would let any browser claim any address.
        if (!options.NetworkList.All(text => IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0))
        {
            failures.Add($"{Key(nameof(options.KnownNetworks))} must be networks such as 10.1.0.0/16, and none may contain every address.");
        }

        if (options.ForwardLimit is < 1 or > 20)
        {
            failures.Add($"{Key(nameof(options.ForwardLimit))} must be between 1 and 20.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{ProxiesOptions.Section}:{name}";
}

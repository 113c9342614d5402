using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Requests;

internal sealed class ProxiesOptionsValidator : IValidateOptions<ProxiesOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxiesOptions options)
    {
        var failures = new List<string>();
        failures.AddRange(options.KnownProxies.Where(text => !IPAddress.TryParse(text, out _))
            .Select(text => $"{Key(nameof(options.KnownProxies))} has '{text}'; it must be an IP address."));
        foreach (var text in options.KnownNetworks)
        {
            if (!IPNetwork.TryParse(text, out var network))
            {
                failures.Add($"{Key(nameof(options.KnownNetworks))} has '{text}'; it must be a network as 10.1.0.0/16.");
            }
            else if (network.PrefixLength is 0)
            {
                failures.Add($"{Key(nameof(options.KnownNetworks))} has '{text}', which is everybody: any client could claim any address.");
            }
        }

        if (options.ForwardLimit is < 1 or > 20)
        {
            failures.Add($"{Key(nameof(options.ForwardLimit))} is {options.ForwardLimit}; it must be between 1 and 20.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{ProxiesOptions.Section}:{name}";
}

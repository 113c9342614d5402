using Microsoft.Extensions.Options;

namespace SampleClient.Api;

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private const string Key = $"{ApiOptions.Section}:{nameof(ApiOptions.BaseAddress)}";

    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        if (options.BaseUri is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" } address)
        {
            return ValidateOptionsResult.Fail($"{Key} must be the API's absolute http(s) URL.");
        }

        return IsPrivate(address)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Key} must be https, except on a loopback address or inside a container network.");
    }

    // RFC 6750 5.3. A host name without a dot is a service in the same container network.
    private static bool IsPrivate(Uri address) =>
        address is { Scheme: "https" } or { IsLoopback: true }
        || (address.HostNameType is UriHostNameType.Dns && !address.Host.Contains('.', StringComparison.Ordinal));
}

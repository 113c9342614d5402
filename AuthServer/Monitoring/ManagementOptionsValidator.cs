using System.Net;
using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Monitoring;

internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var failures = new SettingFailures(ManagementOptions.Section);
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || !IsAddress(url))
        {
            failures.Add(
                nameof(options.Url),
                $"must be like {ManagementOptions.DefaultUrl}: http, an IP address or localhost, a port, and no more.");
        }

        return failures.Result;
    }

    // Kestrel would listen on every address of the machine for any other name.
    private static bool IsAddress(Uri url) =>
        url.Scheme == Uri.UriSchemeHttp
        && (url.Host is "localhost" || IPAddress.TryParse(url.Host.Trim('[', ']'), out _))
        && url is { UserInfo.Length: 0, PathAndQuery: "/", Fragment.Length: 0 };
}

using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Monitoring;

internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var failures = new SettingFailures(ManagementOptions.Section);
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.PathAndQuery is not "/")
        {
            failures.Add(nameof(options.Url), $"must be like {ManagementOptions.DefaultUrl}: http, an address and a port.");
        }

        return failures.Result;
    }
}

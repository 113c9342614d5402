using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

internal sealed class LogoutOptionsValidator : IValidateOptions<LogoutOptions>
{
    public ValidateOptionsResult Validate(string? name, LogoutOptions options)
    {
        var failures = new SettingFailures(LogoutOptions.Section);
        foreach (var entry in options.Addresses.Where(entry => LogoutOptions.Read(entry) is null))
        {
            failures.Add(nameof(options.Addresses), $"has '{entry}'; it must be two origins as http://localhost:8421=http://orders:8080.");
        }

        return failures.Result;
    }
}

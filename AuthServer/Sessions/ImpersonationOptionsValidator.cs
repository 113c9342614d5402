using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Sessions;

internal sealed class ImpersonationOptionsValidator : IValidateOptions<ImpersonationOptions>
{
    public ValidateOptionsResult Validate(string? name, ImpersonationOptions options)
    {
        var failures = new SettingFailures(ImpersonationOptions.Section);
        failures.Between(options.MaxDuration, TimeSpan.FromMinutes(1), ImpersonationOptions.Longest, "1 minute and 1 hour");
        return failures.Result;
    }
}

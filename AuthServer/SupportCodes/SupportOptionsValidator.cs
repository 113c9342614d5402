using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.SupportCodes;

internal sealed class SupportOptionsValidator : IValidateOptions<SupportOptions>
{
    public ValidateOptionsResult Validate(string? name, SupportOptions options)
    {
        var failures = new SettingFailures(SupportOptions.Section);
        failures.Between(options.Retention, SupportOptions.Shortest, SupportOptions.Longest, "1 hour and 90 days");
        failures.Between(options.MostSteps, SupportOptions.Least, SupportOptions.Most);
        return failures.Result;
    }
}

using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

internal sealed class ThrottlingOptionsValidator : IValidateOptions<ThrottlingOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ThrottlingOptions options)
    {
        var failures = new SettingFailures(ThrottlingOptions.Section);
        failures.Between(options.RequestsPerAddress, 1, Most);
        failures.Between(options.AuthorizationRequestsPerAddress, 1, Most);
        failures.Between(options.FailedSignInsPerAddress, 1, Most);
        failures.Between(options.FailedSignInsPerClient, 1, Most);
        failures.Between(options.FailedSecretsPerClient, 1, Most);
        failures.Between(options.FailedSignInsPerAccount, 1, Most);
        return failures.Result;
    }
}

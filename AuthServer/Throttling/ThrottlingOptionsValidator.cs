using Microsoft.Extensions.Options;

namespace AuthServer.Throttling;

internal sealed class ThrottlingOptionsValidator : IValidateOptions<ThrottlingOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ThrottlingOptions options)
    {
        var failures = new List<string>();
        Check(options.RequestsPerAddress, nameof(options.RequestsPerAddress), failures);
        Check(options.AuthorizationRequestsPerAddress, nameof(options.AuthorizationRequestsPerAddress), failures);
        Check(options.FailedSignInsPerAddress, nameof(options.FailedSignInsPerAddress), failures);
        Check(options.FailedSignInsPerClient, nameof(options.FailedSignInsPerClient), failures);
        Check(options.FailedSecretsPerClient, nameof(options.FailedSecretsPerClient), failures);
        Check(options.FailedSignInsPerAccount, nameof(options.FailedSignInsPerAccount), failures);
        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Check(int limit, string name, List<string> failures)
    {
        if (limit is < 1 or > Most)
        {
            failures.Add($"{ThrottlingOptions.Section}:{name} is {limit}; it must be between 1 and {Most}.");
        }
    }
}

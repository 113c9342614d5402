using Microsoft.Extensions.Options;

namespace AuthServer.Logout;

internal sealed class LogoutOptionsValidator : IValidateOptions<LogoutOptions>
{
    public ValidateOptionsResult Validate(string? name, LogoutOptions options)
    {
        var failures = options.Addresses.Where(entry => LogoutOptions.Read(entry) is null)
            .Select(entry =>
                $"{LogoutOptions.Section}:{nameof(options.Addresses)} has '{entry}'; it must be two origins as http://localhost:8421=http://orders:8080.")
            .ToList();
        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

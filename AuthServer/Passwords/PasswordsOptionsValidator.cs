using AuthServer.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

internal sealed class PasswordsOptionsValidator : IValidateOptions<PasswordsOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordsOptions options)
    {
        var failures = new SettingFailures(PasswordsOptions.Section);
        failures.Between(options.MaxConcurrentHashes, 1, 1024);
        failures.Between(options.MaxWait, TimeSpan.Zero, TimeSpan.FromSeconds(30), "0 and 30 seconds");
        if (options.BreachedFile is { Length: > 0 } file && BreachedPasswords.ProblemOf(file) is { } problem)
        {
            failures.Add(nameof(options.BreachedFile), $"names '{file}', which {problem}.");
        }

        return failures.Result;
    }
}

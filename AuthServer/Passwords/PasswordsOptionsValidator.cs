using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

internal sealed class PasswordsOptionsValidator : IValidateOptions<PasswordsOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordsOptions options)
    {
        var failures = new List<string>();
        if (options.MaxConcurrentHashes is < 1 or > 1024)
        {
            failures.Add($"{PasswordsOptions.Section}:{nameof(options.MaxConcurrentHashes)} is {options.MaxConcurrentHashes}; it must be between 1 and 1024.");
        }

        if (options.MaxWait < TimeSpan.Zero || options.MaxWait > TimeSpan.FromSeconds(30))
        {
            failures.Add($"{PasswordsOptions.Section}:{nameof(options.MaxWait)} is {options.MaxWait}; it must be between 0 and 30 seconds.");
        }

        if (options.BreachedFile is { Length: > 0 } file && BreachedPasswords.ProblemOf(file) is { } problem)
        {
            failures.Add($"{PasswordsOptions.Section}:{nameof(options.BreachedFile)} names '{file}', which {problem}.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

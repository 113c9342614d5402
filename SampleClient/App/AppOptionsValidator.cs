using Microsoft.Extensions.Options;

namespace SampleClient.App;

internal sealed class AppOptionsValidator(IHostEnvironment environment) : IValidateOptions<AppOptions>
{
    public ValidateOptionsResult Validate(string? name, AppOptions options)
    {
        var failures = new List<string>();
        if (options.Name.Length is 0 or > 32 || !options.Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-'))
        {
            failures.Add($"{Key(nameof(options.Name))} must be 1 to 32 letters, digits or hyphens.");
        }

        if (options.ClientId.Length is 0)
        {
            failures.Add($"{Key(nameof(options.ClientId))} is missing.");
        }

        if (options.ClientSecret.Length is 0)
        {
            failures.Add($"{Key(nameof(options.ClientSecret))} is missing.");
        }

        if (!options.ScopeList.Contains("openid"))
        {
            failures.Add($"{Key(nameof(options.Scopes))} must contain openid.");
        }

        if (options.DataDirectory.Length is 0)
        {
            failures.Add($"{Key(nameof(options.DataDirectory))} is missing.");
        }
        else if (!DataDirectory.CanWrite(options, environment))
        {
            failures.Add($"{Key(nameof(options.DataDirectory))} cannot be created or written to.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{AppOptions.Section}:{name}";
}

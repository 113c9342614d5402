using Microsoft.Extensions.Options;

namespace SampleClient.Chapters.Device;

internal sealed class DeviceOptionsValidator : IValidateOptions<DeviceOptions>
{
    public ValidateOptionsResult Validate(string? name, DeviceOptions options)
    {
        var failures = new List<string>();
        if (options.ClientId.Length is 0)
        {
            failures.Add($"{DeviceOptions.Section}:{nameof(options.ClientId)} is missing.");
        }

        if (!options.ScopeList.Contains("openid"))
        {
            failures.Add($"{DeviceOptions.Section}:{nameof(options.Scopes)} must contain openid.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

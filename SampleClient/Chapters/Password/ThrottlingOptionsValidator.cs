using Microsoft.Extensions.Options;

namespace SampleClient.Chapters.Password;

internal sealed class ThrottlingOptionsValidator : IValidateOptions<ThrottlingOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ThrottlingOptions options) =>
        options.SignInsPerAddress is < 1 or > Most
            ? ValidateOptionsResult.Fail($"{ThrottlingOptions.Section}:{nameof(options.SignInsPerAddress)} must be between 1 and {Most}.")
            : ValidateOptionsResult.Success;
}

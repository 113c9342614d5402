using Microsoft.Extensions.Options;

namespace AuthServer.Compatibility;

internal sealed class CompatibilityOptionsValidator : IValidateOptions<CompatibilityOptions>
{
    // The length of the database column. The characters are those of RFC 6749 A.1. ActingClientCheck looks whether the client exists.
    private const int LongestClientId = 100;

    public ValidateOptionsResult Validate(string? name, CompatibilityOptions options) =>
        options.DjangoRestFrameworkJwt is { } id
        && (string.IsNullOrWhiteSpace(id) || id.Length > LongestClientId || id.Any(character => character is < ' ' or > '~'))
            ? ValidateOptionsResult.Fail(
                $"{CompatibilityOptions.Key} is '{id}'; it must be the id of an app: at most {LongestClientId} printable ASCII characters.")
            : ValidateOptionsResult.Success;
}

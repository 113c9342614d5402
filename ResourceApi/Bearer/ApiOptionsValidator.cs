using Microsoft.Extensions.Options;

namespace ResourceApi.Bearer;

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options) =>
        Uri.TryCreate(options.Resource, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Fragment: "" }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ApiOptions.Section}:{nameof(options.Resource)} must be this API's identifier, an "
                + "absolute http(s) URL without fragment.");
}

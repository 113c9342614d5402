using Microsoft.Extensions.Options;

namespace ResourceApi.Data;

internal sealed class DataOptionsValidator : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options) =>
        options.DatabaseFile is null
            ? ValidateOptionsResult.Fail($"{DataOptions.Key} must name a SQLite file, such as Data Source=/data/resourceapi.db.")
            : ValidateOptionsResult.Success;
}

using Microsoft.Extensions.Options;

namespace ResourceApi.Notes;

internal sealed class NotesOptionsValidator : IValidateOptions<NotesOptions>
{
    public ValidateOptionsResult Validate(string? name, NotesOptions options)
    {
        var failures = new List<string>();
        if (options.DeleteAllMaxAge < TimeSpan.FromSeconds(1) || options.DeleteAllMaxAge > TimeSpan.FromDays(1))
        {
            failures.Add($"{Key(nameof(options.DeleteAllMaxAge))} must be between 1 second and 1 day.");
        }

        // RFC 6749 Appendix A.4: what can stand in the challenge's quotes.
        if (options.DeleteAllAcrValues.Any(character => character is < ' ' or > '~' or '"' or '\\'))
        {
            failures.Add($"{Key(nameof(options.DeleteAllAcrValues))} must be printable ASCII without quotes and backslashes.");
        }

        return failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{NotesOptions.Section}:{name}";
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol;

/// <summary>The problems of a section of the settings. An operator sees all of them at once.</summary>
internal sealed class SettingFailures(string section)
{
    private readonly List<string> failures = [];

    public ValidateOptionsResult Result => failures.Count is 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

    public string Key(string setting) => $"{section}:{setting}";

    /// <param name="setting">The setting's name.</param>
    /// <param name="problem">The rest of a sentence that begins with the setting's key.</param>
    public void Add(string setting, string problem) => failures.Add($"{Key(setting)} {problem}");

    /// <param name="value">A property of the options; null is not checked.</param>
    /// <param name="least">The smallest number that is accepted.</param>
    /// <param name="most">The largest number that is accepted.</param>
    /// <param name="setting">The expression for <paramref name="value"/>, which ends in the setting's name.</param>
    public void Between(int? value, int least, int most, [CallerArgumentExpression(nameof(value))] string setting = "")
    {
        if (value < least || value > most)
        {
            Add(NameOf(setting), $"is {value}; it must be between {least} and {most}.");
        }
    }

    /// <param name="value">A property of the options; null is not checked.</param>
    /// <param name="least">The shortest duration that is accepted.</param>
    /// <param name="most">The longest duration that is accepted.</param>
    /// <param name="range">Both in words, such as <c>1 second and 30 days</c>; without it, as a setting is written.</param>
    /// <param name="setting">The expression for <paramref name="value"/>, which ends in the setting's name.</param>
    public void Between(
        TimeSpan? value, TimeSpan least, TimeSpan most, string? range = null, [CallerArgumentExpression(nameof(value))] string setting = "")
    {
        if (value < least || value > most)
        {
            Add(NameOf(setting), $"is {value}; it must be between {range ?? $"{least} and {most}, as d.hh:mm:ss"}.");
        }
    }

    private static string NameOf(string expression) => expression[(expression.LastIndexOf('.') + 1)..];
}

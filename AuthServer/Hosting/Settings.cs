using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Binds a configuration section and reports every value of the wrong kind by its key, at start and together with all other
/// problems. The framework's binder stops at the first one, with a stack trace.
/// </summary>
internal static partial class Settings
{
    /// <summary>
    /// Binds options to <paramref name="section"/> and validates them at start. A setting without a value keeps its default.
    /// </summary>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton(new KnownSection(section, [.. SettableOf(typeof(TOptions)).Select(property => property.Name)]));
        services.AddSingleton<IValidateOptions<TOptions>>(provider =>
            new KindValidator<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        return services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section)))
            .ValidateOnStart();
    }

    /// <returns>One sentence for each value that cannot be read. Its property keeps the default.</returns>
    public static IReadOnlyList<string> Bind(object options, IConfigurationSection section)
    {
        var failures = new List<string>();
        foreach (var property in SettableOf(options.GetType()))
        {
            try
            {
                if (Read(section.GetSection(property.Name), property.PropertyType) is { } value)
                {
                    property.SetValue(options, value);
                }
            }
            catch (InvalidOperationException exception) when (BinderMessage().Match(exception.Message) is { Success: true } match)
            {
                failures.Add($"{match.Groups["key"].Value} is '{match.Groups["value"].Value}'; it must be {Kind(property.PropertyType)}.");
            }
        }

        return failures;
    }

    private static IEnumerable<PropertyInfo> SettableOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod?.IsPublic is true);

    private static object? Read(IConfigurationSection section, Type type)
    {
        // A compose file passes an unset variable on as an empty one, also one that would name a file (SettingFiles). Empty means not set.
        if (string.IsNullOrEmpty(section.Value) && (type == typeof(string) || type.IsValueType || !section.GetChildren().Any()))
        {
            return null;
        }

        // A list in one environment variable. The binder would silently ignore it.
        if (section.Value is { Length: > 0 } list && type == typeof(string[]))
        {
            return list.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        if (type.IsAssignableTo(typeof(IDictionary)))
        {
            return ReadDictionary(section, type);
        }

        var value = section.Get(type);
        return value is not Enum || Enum.IsDefined(value.GetType(), value)
            ? value
            : throw new InvalidOperationException(
                $"Failed to convert configuration value '{section.Value}' at '{section.Path}' to an enum.");
    }

    // The binder would silently leave out a member that it cannot read.
    private static IDictionary ReadDictionary(IConfigurationSection section, Type type)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(type)!;
        foreach (var child in section.GetChildren())
        {
            dictionary[child.Key] = Read(child, type.GetGenericArguments()[1]);
        }

        return dictionary;
    }

    private static string Kind(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a duration as d.hh:mm:ss",
            _ when type == typeof(int) => "a whole number",
            _ when type.IsAssignableTo(typeof(IDictionary)) => Kind(type.GetGenericArguments()[1]),
            _ => $"of the kind {type.Name}",
        };
    }

    // "Failed to convert configuration value 'x' at 'Section:Key' to type 'y'."
    [GeneratedRegex("value '(?<value>.*)' at '(?<key>[^']+)' to ", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    public static partial Regex BinderMessage();

    private sealed class KindValidator<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions> where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            Bind(Activator.CreateInstance<TOptions>(), section) is { Count: > 0 } failures
                ? ValidateOptionsResult.Fail(failures)
                : ValidateOptionsResult.Success;
    }
}

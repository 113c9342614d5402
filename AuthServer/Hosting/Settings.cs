using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Binds a section so that a value of the wrong kind is told at start by its key, together with all else that is
/// wrong: the framework's binder stops at the first, with a stack trace.
/// </summary>
internal static partial class Settings
{
    /// <summary>Options of <paramref name="section"/>, validated at start. What is not given keeps its default.</summary>
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

    /// <returns>What is wrong, a sentence each. Those properties keep their defaults.</returns>
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
        // Environment variables that a compose file passes on unset are empty, those that name a file (SettingFiles) too.
        if (string.IsNullOrEmpty(section.Value) && (type == typeof(string) || type.IsValueType || !section.GetChildren().Any()))
        {
            return null;
        }

        // A list in one environment variable; the binder would silently see none.
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
            : throw new InvalidOperationException($"Failed to convert configuration value '{section.Value}' at '{section.Path}' to an enum.");
    }

    // The binder leaves out a member that it cannot read.
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

using System.Collections;
using System.Globalization;
using System.Reflection;

namespace House.Configuration;

/// <summary>A row in a table of the page.</summary>
/// <param name="Type">The type of its value; null for a setting that no options class has.</param>
internal sealed record Setting(string Key, string Default, string Range, string Meaning, Type? Type = null)
{
    /// <exception cref="InvalidOperationException">There is no comment, or it gives a default although the code has
    /// one.</exception>
    public static Setting Of(PropertyInfo property, string section, object options, DocComments comments)
    {
        var type = property.PropertyType;
        var key = $"{section}:{property.Name}{(type.IsAssignableTo(typeof(IDictionary)) ? ":NAME" : "")}";
        var meaning = comments.Summary(property);
        if (meaning.Length is 0)
        {
            throw new InvalidOperationException($"{key} has no documentation comment.");
        }

        var inCode = DefaultOf(property.GetValue(options));
        var inWords = comments.Default(property);
        if (inWords is not null && inCode is not null && !DependsOnMachine(inCode))
        {
            throw new InvalidOperationException($"The comment of {key} must not give a default: the code's is {inCode}.");
        }

        var range = comments.Range(property);
        return new(key, inWords ?? inCode ?? "none", range.Length > 0 ? range : ValuesOf(type), meaning, type);
    }

    public string Row => $"| `{Key}` | {Default} | {Range} | {Meaning} |\n";

    /// <returns>Null if the value is null or empty.</returns>
    private static string? DefaultOf(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => null,
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan { Ticks: var ticks } time when ticks % TimeSpan.TicksPerSecond != 0 =>
            $"`{time.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0')}`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static bool DependsOnMachine(string value) => value == $"`{Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)}`";

    private static string ValuesOf(Type type)
    {
        type = type.IsAssignableTo(typeof(IDictionary)) ? type.GetGenericArguments()[1] : Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? string.Join(" ", Enum.GetNames(type).Select(name => $"`{name}`"))
            : type == typeof(bool) ? "`true` `false`"
            : "";
    }
}

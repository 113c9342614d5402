using System.Globalization;
using System.Text.RegularExpressions;

namespace House.Configuration;

/// <summary>The documented range of a number or a duration.</summary>
internal sealed partial record Bounds(string Least, string Most, string Below, string Above)
{
    /// <returns>Null if the range is written in other words.</returns>
    public static Bounds? Of(Setting setting)
    {
        var type = Nullable.GetUnderlyingType(setting.Type ?? typeof(string)) ?? setting.Type;
        if (Form().Match(setting.Range) is not { Success: true } form)
        {
            return null;
        }

        var (least, most, unit) = (form.Groups["least"].Value, form.Groups["most"].Value, form.Groups["unit"].Value);
        var firstUnit = form.Groups["first"] is { Success: true } first ? first.Value : unit;
        return type == typeof(int) ? Of(int.Parse(least, CultureInfo.InvariantCulture), int.Parse(most, CultureInfo.InvariantCulture))
            : type == typeof(TimeSpan) ? Of(Time(least, firstUnit), Time(most, unit))
            : null;
    }

    private static Bounds Of(int least, int most) => new(Text(least), Text(most), Text(least - 1), Text(most + 1));

    private static Bounds Of(TimeSpan least, TimeSpan most)
    {
        var little = TimeSpan.FromMilliseconds(1);
        return new(Text(least), Text(most), Text(least - little), Text(most + little));
    }

    private static TimeSpan Time(string amount, string unit) =>
        double.Parse(amount, CultureInfo.InvariantCulture) * Unit(unit.TrimEnd('s'));

    private static TimeSpan Unit(string name) => name switch
    {
        "second" => TimeSpan.FromSeconds(1),
        "minute" => TimeSpan.FromMinutes(1),
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        _ => throw new FormatException($"'{name}' is no unit of time."),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<least>[\d.]+)( (?<first>(second|minute|hour|day)s?))? to (?<most>\d+)( (?<unit>(second|minute|hour|day)s?))?",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthServer.Platform;

/// <summary>A duration as people write it: <c>90s</c>, <c>15m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    public const string Form = "a whole number and a unit, as in 90s, 15m, 1h or 7d, and at most ten years";

    private static readonly (char Name, long Seconds)[] Units = [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <returns>The shortest text for whole seconds; a fraction of a second is left out.</returns>
    public static string Text(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (name, length) = seconds is 0 ? Units[^1] : Units.First(unit => seconds % unit.Seconds is 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / length}{name}");
    }

    /// <returns>False for any other text, and for more than ten years.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is not { Length: > 1 and <= 10 }
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var seconds = Units.FirstOrDefault(unit => unit.Name == text[^1]).Seconds;
        if (seconds is 0 || count > Longest.TotalSeconds / seconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds);
        return true;
    }
}

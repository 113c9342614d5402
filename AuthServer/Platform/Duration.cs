using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthServer.Platform;

/// <summary>A duration as people write it: <c>90s</c>, <c>15m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    public const string Form = "a whole number and a unit, as in 90s, 15m, 1h or 7d, and at most ten years";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <returns>False for any other text, and for more than ten years.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is not { Length: > 1 and <= 10 }
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        long? seconds = text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => null,
        };
        if (seconds is null || count > Longest.TotalSeconds / seconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds.Value);
        return true;
    }
}

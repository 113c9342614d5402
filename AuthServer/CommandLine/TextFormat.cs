using System.Globalization;

namespace AuthServer.CommandLine;

/// <summary>Formats values for text output.</summary>
internal static class TextFormat
{
    /// <summary>Replaces characters that could control the terminal: a client chooses its user agent freely.</summary>
    public static string Text(string? text) =>
        text is null ? "-" : string.Concat(text.Select(character => Steers(character) ? '?' : character));

    private static bool Steers(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>"1 session", "2 sessions".</summary>
    public static string Count(long count, string noun) => count is 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>To the second, in UTC.</summary>
    public static string Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}

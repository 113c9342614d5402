using System.Globalization;
using System.Text;

namespace AuthServer.Mail;

/// <summary>
/// What somebody else has chosen, their name or their browser's, as it may stand in a mail to a third person: anybody can
/// register a foreign address under the name "You won! www.example", and mail programs make a link of that.
/// </summary>
internal static class PlainWords
{
    private const int Longest = 80;

    /// <returns>On one line and not for ever; null where nothing is left, or where it looks like a link.</returns>
    public static string? Of(string? text)
    {
        var words = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            // Formatting turns the direction of what follows.
            var isVisible = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
            words.Append(isVisible ? rune.ToString() : " ");
            if (words.Length >= Longest)
            {
                break;
            }
        }

        var plain = words.ToString().Trim();
        return plain.Length is 0 || IsLink(plain) ? null : plain;
    }

    private static bool IsLink(string text) =>
        text.Contains('@', StringComparison.Ordinal)
        || text.Contains("://", StringComparison.Ordinal)
        || text.Zip(text.Skip(1)).Any(pair => pair.First is '.' or '。' or '．' && char.IsLetter(pair.Second));
}

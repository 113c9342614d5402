using System.Globalization;
using System.Text;

namespace AuthServer.Mail;

/// <summary>
/// Makes text that a stranger may have chosen, such as a name or a browser's name, safe for a mail. Anybody can register a foreign address
/// under the name "You won! www.example", and mail programs would make a link of that.
/// </summary>
internal static class UnlinkableText
{
    private const int Longest = 80;

    /// <returns>One short line; null if nothing is left, or if it looks like a link.</returns>
    public static string? Of(string? text)
    {
        var words = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            // Format characters can reverse the direction of the text after them.
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

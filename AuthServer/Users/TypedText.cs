using System.Globalization;
using System.Text;

namespace AuthServer.Users;

/// <summary>One spelling for a name or an address that was typed, so that text which looks the same is the same account.</summary>
internal static class TypedText
{
    // Far longer than any name; the work below grows with the length.
    private const int Longest = 1000;

    /// <summary>Takes blanks off both ends and makes full-width and other compatibility forms plain (Unicode's NFKC).</summary>
    /// <returns>Null for text with characters that nobody sees, and for text that is no Unicode.</returns>
    public static string? Clean(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length > Longest || text.EnumerateRunes().Any(IsInvisible))
        {
            return null;
        }

        try
        {
            return text.Normalize(NormalizationForm.FormKC).Trim();
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || IsIgnorable(rune.Value);

    // Unicode's Default_Ignorable_Code_Point, as far as the categories above leave it out: fillers and variation selectors.
    private static bool IsIgnorable(int value) =>
        value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0
            or (>= 0xE0100 and <= 0xE01EF);
}

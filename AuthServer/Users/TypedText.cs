using System.Globalization;
using System.Text;

namespace AuthServer.Users;

/// <summary>Gives a typed name or address one spelling, so that text that looks the same is the same account.</summary>
internal static class TypedText
{
    // Far longer than any name. The work below grows with the length.
    private const int Longest = 1000;

    /// <summary>Trims the text and makes full-width and other compatibility forms plain (Unicode's NFKC).</summary>
    /// <returns>Null if the text is too long, has invisible characters, or is not valid Unicode.</returns>
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
            // An unpaired surrogate.
            return null;
        }
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || IsIgnorable(rune.Value);

    // Unicode's Default_Ignorable_Code_Point, as far as the categories above do not include it: fillers and variation selectors.
    private static bool IsIgnorable(int value) =>
        value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F)
            or 0xFFA0
                or (>= 0xE0100 and <= 0xE01EF);
}

using System.Globalization;
using System.Text;

namespace AuthServer.Users;

/// <summary>
/// The user names that are allowed: letters of one script, digits and <c>_ - . + '</c>, or the person's own email address.
/// Pages, grants, the command line and the platform file all use this rule.
/// </summary>
internal static class UserNames
{
    public const int Longest = UserLookup.LongestName;

    private const string Symbols = "_-.+'";

    /// <returns>The name as it is stored; null if the text cannot be a name.</returns>
    public static string? Clean(string? typed) =>
        TypedText.Clean(typed) is not { Length: > 0 and <= Longest } text ? null
        : text.Contains('@', StringComparison.Ordinal) ? EmailAddress.Clean(text)
        : IsName(text) ? text
        : null;

    /// <returns>The form in which names and addresses are compared; empty if the text can be neither.</returns>
    public static string Comparable(string typed) => EmailAddress.Comparable(typed) ?? TypedText.Clean(typed)?.ToUpperInvariant() ?? "";

    private static bool IsName(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        return (IsLetterOrDigit(runes[0]) || text[0] is '_')
            && runes.TrueForAll(rune => IsLetterOrDigit(rune) || IsMark(rune) || IsSymbol(rune));
    }

    private static bool IsLetterOrDigit(Rune rune) =>
        Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber;

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsSymbol(Rune rune) => rune.IsAscii && Symbols.Contains((char)rune.Value, StringComparison.Ordinal);
}

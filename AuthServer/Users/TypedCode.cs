using System.Globalization;
using System.Text;

namespace AuthServer.Users;

/// <summary>
/// Reads codes that people type or paste: of an authenticator app, for recovery, or of a device. Full-width and other compatibility forms
/// become plain (Unicode's NFKC), digits of any script become ASCII digits, and everything that is neither a letter nor a digit, such as
/// blanks and dashes, is left out (RFC 8628 6.1).
/// </summary>
internal static class TypedCode
{
    // Longer than any code with separators.
    private const int Longest = 100;

    /// <returns>Letters and digits, in lower case; empty if the text is too long or not valid Unicode.</returns>
    public static string Normalize(string typed)
    {
        if (typed.Length > Longest)
        {
            return "";
        }

        try
        {
            return string.Concat(typed.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit).Select(Digit)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // An unpaired surrogate.
            return "";
        }
    }

    private static char Digit(char character) =>
        char.IsDigit(character) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(character)) : character;
}

using System.Globalization;
using System.Text;

namespace AuthServer.Users;

/// <summary>
/// One reading for codes that people type or paste, of an authenticator app, for recovery or of a device: full-width and other
/// compatibility forms are plain (Unicode's NFKC), the digits of any script are digits, and what is neither letter nor digit, as blanks
/// and dashes of all kinds, is left out (RFC 8628 6.1).
/// </summary>
internal static class TypedCode
{
    // Longer than any code with separators.
    private const int Longest = 100;

    /// <returns>Letters and digits, in lower case; empty for what is too long or no Unicode.</returns>
    public static string Plain(string typed)
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
            // Half of a surrogate pair.
            return "";
        }
    }

    private static char Digit(char character) => char.IsDigit(character) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(character)) : character;
}

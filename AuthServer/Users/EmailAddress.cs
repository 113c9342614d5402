using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AuthServer.Users;

/// <summary>
/// One bare email address: a dot-atom of RFC 5322 3.2.3, an @ and a domain, which may have letters outside ASCII (RFC 5890).
/// Pages, grants, the command line and the platform file all use this rule.
/// </summary>
internal static class EmailAddress
{
    /// <summary>RFC 5321 4.5.3.1.3: a path has at most 256 characters, including its angle brackets.</summary>
    public const int Longest = 254;

    private const int LongestLocalPart = 64;
    private const string SymbolsOfAtoms = "!#$%&'*+-/=?^_`{|}~";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <returns>The address as it is stored: trimmed, with its domain in lower case. Null if the text is not an address.</returns>
    public static string? Clean(string? typed) => Parse(typed) is var (local, domain, _) ? $"{local}@{domain}" : null;

    /// <returns>
    /// The form in which addresses are compared: a domain in its own letters equals the same domain in ASCII. Null if the text is not an
    /// address.
    /// </returns>
    public static string? Comparable(string? typed) => Parse(typed) is var (local, _, ascii) ? $"{local}@{ascii}".ToUpperInvariant() : null;

    /// <param name="comparable">An address from <see cref="Comparable"/>.</param>
    /// <returns>The address with the domain in its own letters, as people see it.</returns>
    public static string Readable(string comparable)
    {
        var at = comparable.LastIndexOf('@') + 1;
        return comparable[..at] + Idn.GetUnicode(comparable[at..].ToLowerInvariant());
    }

    /// <summary>
    /// True if mail from elsewhere can reach the address. A domain without a dot is one of a local network, or half typed.
    /// </summary>
    public static bool IsPublic(string address) => address[(address.LastIndexOf('@') + 1)..].Contains('.', StringComparison.Ordinal);

    private static (string Local, string Domain, string Ascii)? Parse(string? typed)
    {
        if (TypedText.Clean(typed) is not { Length: > 0 and <= Longest } text
            || text.LastIndexOf('@') is not (var at and > 0 and <= LongestLocalPart))
        {
            return null;
        }

        // IDNA 2008 treats the ideographic full stop as a dot.
        var (local, domain) = (text[..at], text[(at + 1)..].Replace('\u3002', '.').ToLowerInvariant());
        return local.Split('.').All(IsAtom) && TryGetAscii(domain, out var ascii) ? (local, domain, ascii) : null;
    }

    private static bool IsAtom(string text) =>
        text.Length > 0
        && text.All(character => char.IsAsciiLetterOrDigit(character) || SymbolsOfAtoms.Contains(character, StringComparison.Ordinal));

    private static bool TryGetAscii(string domain, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        if (domain.Length is 0 || domain[^1] is '.')
        {
            return false;
        }

        try
        {
            ascii = Idn.GetAscii(domain).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

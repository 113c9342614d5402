using MimeKit;

namespace AuthServer.Mail;

/// <summary>Which addresses mail can go to.</summary>
internal static class MailAddress
{
    /// <summary>RFC 5321 4.5.3.1: 64 characters, an @, and 255 characters.</summary>
    public const int Longest = 320;

    /// <summary>One bare address (RFC 5321 4.1.2) in printable ASCII, but for the domain, which may have other letters.</summary>
    public static bool IsUsable(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || text.LastIndexOf('@') is not (var at and > 0))
        {
            return false;
        }

        // A line break would begin a header of its own. A name outside ASCII takes SMTPUTF8, which few servers have.
        return !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            && text[..at].All(char.IsAscii)
            && MailboxAddress.TryParse(text, out var parsed)
            // The parser writes a domain in other letters out.
            && (parsed.Address == text || MailboxAddress.EncodeAddrspec(parsed.Address) == text);
    }

    /// <summary>All of an address that the log may hold.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}

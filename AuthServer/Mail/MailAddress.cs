using AuthServer.Users;

namespace AuthServer.Mail;

/// <summary>The addresses that mail can be sent to.</summary>
internal static class MailAddress
{
    public const int Longest = EmailAddress.Longest;

    /// <summary>
    /// True for one bare address in its cleaned form. Its local part is ASCII: others would need SMTPUTF8, which few servers support.
    /// </summary>
    public static bool IsUsable(string? text) =>
        string.Equals(EmailAddress.Clean(text), text, StringComparison.OrdinalIgnoreCase) && text is not null;

    /// <summary>The only part of an address that may be logged.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}

using AuthServer.Users;

namespace AuthServer.Mail;

/// <summary>Which addresses mail can go to.</summary>
internal static class MailAddress
{
    public const int Longest = EmailAddress.Longest;

    /// <summary>One bare address as it is kept. A name outside ASCII would take SMTPUTF8, which few servers have.</summary>
    public static bool IsUsable(string? text) => string.Equals(EmailAddress.Clean(text), text, StringComparison.OrdinalIgnoreCase) && text is not null;

    /// <summary>All of an address that the log may hold.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Mail;

/// <summary>How a letter lies in the database: unreadable, and not to be changed unnoticed.</summary>
internal sealed class LetterProtection(IDataProtectionProvider provider)
{
    private readonly IDataProtector protector = provider.CreateProtector("AuthServer.Mail");

    public string Protect(Letter letter) => protector.Protect(JsonSerializer.Serialize(letter));

    /// <exception cref="CryptographicException">It was changed, or the key ring has lost the key.</exception>
    public Letter Unprotect(string text) => JsonSerializer.Deserialize<Letter>(protector.Unprotect(text))!;
}

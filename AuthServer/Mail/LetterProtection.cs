using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Mail;

/// <summary>Encrypts letters for the database. They cannot be read there, and a change is noticed.</summary>
internal sealed class LetterProtection(IDataProtectionProvider provider)
{
    private readonly IDataProtector protector = provider.CreateProtector("AuthServer.Mail");

    public string Protect(Letter letter) => protector.Protect(JsonSerializer.Serialize(letter));

    /// <exception cref="CryptographicException">The text was changed, or the key ring has lost its key.</exception>
    public Letter Unprotect(string text) => JsonSerializer.Deserialize<Letter>(protector.Unprotect(text))!;
}

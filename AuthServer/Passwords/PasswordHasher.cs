using AuthServer.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Passwords;

/// <summary>
/// Makes Argon2id hashes. It also verifies hashes that were made elsewhere, and asks to replace them. Stored text that is not a hash fails
/// like a wrong password. Hashing is expensive, so a request first needs a place in <see cref="PasswordHashLimit"/>.
/// </summary>
internal sealed class PasswordHasher : IPasswordHasher<User>
{
    /// <summary>The maximum length of a password, in characters: hashing long text must not be a way to waste the server's time.</summary>
    public const int MostCharacters = 1024;

    private readonly PasswordHasher<User> identity = new();

    /// <exception cref="ArgumentException">
    /// The password is too long or not valid Unicode; <c>PasswordRules</c> refuses it before.
    /// </exception>
    public string HashPassword(User user, string password) =>
        Normalize(password) is { } normalized
            ? Argon2idHash.Create(normalized).ToString()
            : throw new ArgumentException("The password cannot be hashed.", nameof(password));

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        if (Normalize(providedPassword) is not { } normalized)
        {
            return PasswordVerificationResult.Failed;
        }

        if (hashedPassword.StartsWith(Argon2idHash.Prefix, StringComparison.Ordinal))
        {
            return !Argon2idHash.TryParse(hashedPassword, out var hash) || !hash.Verify(normalized) ? PasswordVerificationResult.Failed
                : hash.IsOfToday ? PasswordVerificationResult.Success
                : PasswordVerificationResult.SuccessRehashNeeded;
        }

        // Older hashes were made of the text as it was typed, without normalization.
        return IsLegacyMatch(user, hashedPassword, providedPassword)
            ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Failed;
    }

    /// <summary>
    /// NIST SP 800-63B 3.1.1.2: the same characters give the same password, even if another keyboard encodes them differently.
    /// </summary>
    /// <returns>Null if the text is too long or has unpaired surrogates.</returns>
    public static string? Normalize(string password)
    {
        if (password.Length > MostCharacters)
        {
            return null;
        }

        try
        {
            return password.Normalize(System.Text.NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <returns>True if a stored text has the form of a hash that can be verified.</returns>
    public static bool Recognizes(string stored) =>
        Argon2idHash.TryParse(stored, out _)
        || stored.StartsWith(DjangoHash.Prefix, StringComparison.Ordinal)
        || BcryptHash.Recognizes(stored)
        || IsOfIdentity(stored);

    // The first byte of Identity's hash is its version, 0 or 1. The shortest hash has a salt of 16 bytes and a key of 32 bytes.
    private static bool IsOfIdentity(string stored)
    {
        var bytes = new byte[stored.Length];
        return Convert.TryFromBase64String(stored, bytes, out var count) && count >= 1 + 16 + 32 && bytes[0] is (0 or 1);
    }

    private bool IsLegacyMatch(User user, string stored, string password)
    {
        if (stored.StartsWith(DjangoHash.Prefix, StringComparison.Ordinal))
        {
            return DjangoHash.Verify(stored, password);
        }

        if (BcryptHash.Recognizes(stored))
        {
            return BcryptHash.Verify(stored, password);
        }

        try
        {
            return identity.VerifyHashedPassword(user, stored, password) is not PasswordVerificationResult.Failed;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

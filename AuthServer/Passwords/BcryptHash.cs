using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.Passwords;

/// <summary>
/// bcrypt hashes: <c>$2a$</c>, <c>$2b$</c> or <c>$2y$</c>, also with Django's prefix <c>bcrypt$</c>. Django's <c>bcrypt_sha256$</c> hashes
/// the hexadecimal SHA-256 of the password, because bcrypt reads no more than 72 bytes.
/// </summary>
internal static partial class BcryptHash
{
    private const string DjangoPlain = "bcrypt$";
    private const string DjangoSha256 = "bcrypt_sha256$";

    public static bool Recognizes(string stored) => Parse(stored) is not null;

    public static bool Verify(string stored, string password)
    {
        if (Parse(stored) is not var (hash, isSha256))
        {
            return false;
        }

        var input = isSha256 ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password))) : password;
        return BCrypt.Net.BCrypt.Verify(input, hash);
    }

    private static (string Hash, bool IsSha256)? Parse(string stored)
    {
        var isSha256 = stored.StartsWith(DjangoSha256, StringComparison.Ordinal);
        var hash = isSha256 ? stored[DjangoSha256.Length..]
            : stored.StartsWith(DjangoPlain, StringComparison.Ordinal) ? stored[DjangoPlain.Length..]
            : stored;
        return Form().IsMatch(hash) ? (hash, isSha256) : null;
    }

    // Each step of the cost doubles the work: 16 takes about four seconds.
    [GeneratedRegex(@"\A\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Form();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Passwords;

/// <summary>Django's default hash, <c>pbkdf2_sha256$iterations$salt$hash</c>: the salt is text, the hash is base64 of 32 bytes.</summary>
internal static class DjangoHash
{
    public const string Prefix = "pbkdf2_sha256$";

    // Django 6 uses 1,200,000. A hash with far more could be used to keep the server busy.
    private const int MostIterations = 5_000_000;

    public static bool Verify(string stored, string password)
    {
        var parts = stored.Split('$');
        var expected = new byte[32];
        if (parts.Length is not 4
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MostIterations
            || parts[2].Length is 0 or > 200
            || parts[3].Length is not 44
            || !Convert.TryFromBase64String(parts[3], expected, out var length)
            || length is not 32)
        {
            return false;
        }

        var actual = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(parts[2]), iterations, HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }
}

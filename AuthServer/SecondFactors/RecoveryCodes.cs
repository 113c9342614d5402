using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Users;

namespace AuthServer.SecondFactors;

/// <summary>Codes of about 80 random bits, each for one sign-in. They cannot be guessed, so a plain hash is enough to store them.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;

    // Without characters that look like others.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    public static IReadOnlyList<string> Create() =>
        [.. Enumerable.Range(0, Count)
            .Select(_ => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4))))];

    public static string HashAll(IEnumerable<string> codes) => string.Join(' ', codes.Select(Hash));

    /// <returns>The stored text without this code; null if the code is not in it.</returns>
    public static string? Without(string kept, string typed)
    {
        var hash = Hash(typed);
        var left = kept.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return left.Contains(hash) ? string.Join(' ', left.Where(other => other != hash)) : null;
    }

    public static int CountOf(string kept) => kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Hash(string code) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(TypedCode.Normalize(code))));
}

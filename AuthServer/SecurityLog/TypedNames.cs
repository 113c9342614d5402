using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.SecurityLog;

/// <summary>
/// Makes a mark for a typed name that no account has. Equal names have equal marks, and nobody can get the name from a mark. The key lives
/// as long as the process.
/// </summary>
internal sealed class TypedNames(ILookupNormalizer normalizer)
{
    private const int MarkBytes = 8;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    public string MarkOf(string typed) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(normalizer.NormalizeName(typed) ?? "")).AsSpan(0, MarkBytes));
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AuthServer.Clients;

/// <summary>
/// OpenIddict's hash of a client secret, in base64: the version 1, then pseudo-random function, iterations and length of the salt in four
/// bytes each, the most significant first, then salt and key of PBKDF2 (RFC 8018 5.2).
/// </summary>
internal static class SecretHash
{
    private const byte Version = 1;
    private const int SaltAt = 13;

    /// <returns>The hash of another secret with all that <paramref name="stored"/> has, salt included; null if its form is not known.</returns>
    public static string? Like(string stored, string secret)
    {
        if (Read(stored) is not var (bytes, function, iterations, keyAt))
        {
            return null;
        }

        Rfc2898DeriveBytes.Pbkdf2(secret, bytes.AsSpan(SaltAt..keyAt), bytes.AsSpan(keyAt..), iterations, function);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>True if one computation can check a secret against both.</summary>
    public static bool HaveSameSalt(string one, string other) =>
        Read(one) is var (bytes, _, _, keyAt) && Read(other) is var (others, _, _, _) && bytes.Length == others.Length
        && bytes.AsSpan(..keyAt).SequenceEqual(others.AsSpan(..keyAt));

    private static (byte[] Bytes, HashAlgorithmName Function, int Iterations, int KeyAt)? Read(string stored)
    {
        var bytes = new byte[stored.Length];
        if (!Convert.TryFromBase64String(stored, bytes, out var length) || length <= SaltAt || bytes[0] is not Version)
        {
            return null;
        }

        HashAlgorithmName? function = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)) switch
        {
            0 => HashAlgorithmName.SHA1,
            1 => HashAlgorithmName.SHA256,
            2 => HashAlgorithmName.SHA512,
            _ => null,
        };
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5));
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9));
        return function is { } known && iterations is > 0 and <= int.MaxValue && salt < length - SaltAt
            ? (bytes[..length], known, (int)iterations, SaltAt + (int)salt)
            : null;
    }
}

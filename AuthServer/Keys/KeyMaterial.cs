using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Keys;

/// <summary>Creates a key, and converts it to and from its form in the database.</summary>
internal static class KeyMaterial
{
    /// <summary>Wraps the content key of tokens that only the issuer reads (RFC 7518 4.4).</summary>
    public const string TokenEncryption = SecurityAlgorithms.Aes256KW;

    private const int RsaKeySize = 2048;

    public static StoredKey Create(
        string algorithm, int generation, IDataProtector protector, DateTimeOffset now, DateTimeOffset activeFrom)
    {
        var material = Generate(algorithm);
        var stored = new StoredKey
        {
            Algorithm = algorithm,
            Generation = generation,
            KeyId = algorithm is TokenEncryption
                ? Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16))
                : ThumbprintOf(Import(algorithm, material)),
            ProtectedMaterial = Convert.ToBase64String(protector.Protect(material)),
            CreatedAt = now,
            ActiveFrom = activeFrom,
        };
        CryptographicOperations.ZeroMemory(material);
        return stored;
    }

    /// <returns>The thumbprint of RFC 7638, in base64url.</returns>
    public static string ThumbprintOf(SecurityKey key) => Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());

    /// <exception cref="CryptographicException">
    /// The Data Protection key ring cannot decrypt it: the ring has lost a key, or the certificate is another one.
    /// </exception>
    public static SecurityKey Read(StoredKey stored, IDataProtector protector)
    {
        var key = Import(stored.Algorithm, protector.Unprotect(Convert.FromBase64String(stored.ProtectedMaterial)));
        key.KeyId = stored.KeyId;
        return key;
    }

    private static byte[] Generate(string algorithm)
    {
        if (algorithm is TokenEncryption)
        {
            return RandomNumberGenerator.GetBytes(32);
        }

        if (algorithm.StartsWith('E'))
        {
            using var curve = ECDsa.Create(algorithm switch
            {
                SecurityAlgorithms.EcdsaSha384 => ECCurve.NamedCurves.nistP384,
                SecurityAlgorithms.EcdsaSha512 => ECCurve.NamedCurves.nistP521,
                _ => ECCurve.NamedCurves.nistP256,
            });
            return curve.ExportPkcs8PrivateKey();
        }

        using var rsa = RSA.Create(RsaKeySize);
        return rsa.ExportPkcs8PrivateKey();
    }

    private static SecurityKey Import(string algorithm, byte[] material)
    {
        if (algorithm is TokenEncryption)
        {
            return new SymmetricSecurityKey(material);
        }

        if (algorithm.StartsWith('E'))
        {
            var curve = ECDsa.Create();
            curve.ImportPkcs8PrivateKey(material, out _);
            return new ECDsaSecurityKey(curve);
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(material, out _);
        return new RsaSecurityKey(rsa);
    }
}

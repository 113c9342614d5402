using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Keys;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Refresh;

/// <summary>
/// Writes and reads refresh tokens: a JWT (RFC 7519) in a JWE (RFC 7516) with <c>dir</c> and <c>A256GCM</c>, which nobody
/// but the issuer can read or make.
/// </summary>
/// <remarks>
/// The same token is always the same text: its nonce is a MAC of what it says, so that it repeats only where all else
/// does. That makes a refresh idempotent without keeping anything of the answer.
/// </remarks>
internal sealed class RefreshTokenFormat(KeyRing keys)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LongestToken = 512;

    private readonly ConcurrentDictionary<string, Material> materials = new(StringComparer.Ordinal);

    public string Write(RefreshToken token)
    {
        var material = MaterialOf(keys.EncryptionKeyAt(token.IssuedAt));
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jti":"{{token.AuthorizationId:N}}.{{token.Generation}}","iat":{{token.IssuedAt.ToUnixTimeSeconds()}}}"""));
        var nonce = HMACSHA256.HashData(material.NonceKey, payload).AsSpan(0, NonceBytes);
        var ciphertext = new byte[payload.Length];
        Span<byte> tag = stackalloc byte[TagBytes];
        using var aes = new AesGcm(material.EncryptionKey, TagBytes);
        aes.Encrypt(nonce, payload, ciphertext, tag, Encoding.ASCII.GetBytes(material.Header));
        return $"{material.Header}..{Base64Url.EncodeToString(nonce)}.{Base64Url.EncodeToString(ciphertext)}.{Base64Url.EncodeToString(tag)}";
    }

    /// <returns>Null for whatever this issuer has not written, or wrote with a key that is gone.</returns>
    public RefreshToken? Read(string text)
    {
        // RFC 7516 7.1: header, no encrypted key, nonce, ciphertext, tag.
        var parts = text.Length <= LongestToken ? text.Split('.') : [];
        if (parts is not [var header, "", var nonceText, var ciphertextText, var tagText]
            || KeyIdOf(text) is not { } keyId || keys.EncryptionKey(keyId) is not { } key
            || Decode(nonceText) is not { Length: NonceBytes } nonce
            || Decode(ciphertextText) is not { } ciphertext
            || Decode(tagText) is not { Length: TagBytes } tag)
        {
            return null;
        }

        var payload = new byte[ciphertext.Length];
        try
        {
            using var aes = new AesGcm(MaterialOf(key).EncryptionKey, TagBytes);
            aes.Decrypt(nonce, ciphertext, tag, payload, Encoding.ASCII.GetBytes(header));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Parse(payload);
    }

    /// <returns>The <c>kid</c> in the header of a JWT; null where there is none.</returns>
    public static string? KeyIdOf(string text)
    {
        var header = text.Length <= LongestToken ? text.Split('.', 2)[0] : "";
        try
        {
            using var document = JsonDocument.Parse(Decode(header) ?? []);
            return document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty(JsonWebKeyParameterNames.Kid, out var kid) && kid.ValueKind is JsonValueKind.String
                ? kid.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON whose text is no Unicode.
            return null;
        }
    }

    // Authentic, so of the form that Write gives it.
    private static RefreshToken Parse(byte[] payload)
    {
        using var document = JsonDocument.Parse(payload);
        var id = document.RootElement.GetProperty(Claims.JwtId).GetString()!.Split('.');
        return new RefreshToken(
            Guid.ParseExact(id[0], "N"),
            int.Parse(id[1], CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeSeconds(document.RootElement.GetProperty(Claims.IssuedAt).GetInt64()));
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Material MaterialOf(SymmetricSecurityKey key) => materials.GetOrAdd(key.KeyId, static (keyId, key) => new Material(keyId, key.Key), key);

    /// <summary>What follows from a key of the ring: keys for this use alone, and the protected header.</summary>
    private sealed class Material
    {
        private const int KeyBytes = 32;

        public Material(string keyId, byte[] key)
        {
            var derived = HKDF.Expand(HashAlgorithmName.SHA256, key, 2 * KeyBytes, "AuthServer refresh token"u8.ToArray());
            EncryptionKey = derived[..KeyBytes];
            NonceKey = derived[KeyBytes..];
            Header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
                $$"""{"alg":"dir","enc":"A256GCM","typ":"rt+jwt","kid":"{{JsonEncodedText.Encode(keyId)}}"}"""));
        }

        public byte[] EncryptionKey { get; }

        public byte[] NonceKey { get; }

        /// <summary>Base64url, as it stands in the token.</summary>
        public string Header { get; }
    }
}

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

/// <summary>The content of a refresh token.</summary>
/// <param name="Generation">
/// Its number among the refresh tokens of the authorization, counted from 1. 0 if the client gets no refresh token.
/// </param>
/// <param name="IssuedAt">Whole seconds only, once the token has been read back.</param>
internal readonly record struct RefreshToken(Guid AuthorizationId, int Generation, DateTimeOffset IssuedAt);

/// <summary>
/// Writes and reads refresh tokens: JWTs (RFC 7519) encrypted as a JWE (RFC 7516) with <c>dir</c> and <c>A256GCM</c>. Only the issuer
/// can read or make them.
/// </summary>
/// <remarks>
/// The same content always gives the same text: the nonce is a MAC of the content, so equal nonces mean equal tokens. A repeated
/// refresh can therefore return the same successor although no token is stored.
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
        return $"{material.Header}..{Base64Url.EncodeToString(nonce)}."
            + $"{Base64Url.EncodeToString(ciphertext)}.{Base64Url.EncodeToString(tag)}";
    }

    /// <returns>Null if this issuer did not write the token, or its key has been deleted or is not loaded.</returns>
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

    /// <returns>The <c>kid</c> in the header of a JWT; null if there is none.</returns>
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
            // Not JSON, or a string that is not valid Unicode.
            return null;
        }
    }

    // The payload is authentic, so it has the form that Write gives it.
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

    private Material MaterialOf(SymmetricSecurityKey key) =>
        materials.GetOrAdd(key.KeyId, static (keyId, key) => new Material(keyId, key.Key), key);

    /// <summary>Derived from a key of the ring: keys for refresh tokens only, and the protected header.</summary>
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

        /// <summary>The first part of the token, in base64url.</summary>
        public string Header { get; }
    }
}

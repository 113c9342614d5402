using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthServer.Clients;

/// <summary>
/// The <c>jti</c> of access tokens (RFC 7519 4.1.7). For others it is opaque. For the issuer it contains the id of the token's
/// authorization, so an access token needs no row of its own.
/// </summary>
internal static class AccessTokenId
{
    public const int MostCharacters = 32;

    private const int GuidBytes = 16;
    private const int Bytes = GuidBytes + 8;

    /// <param name="authorization">Null for a client that acts for itself.</param>
    public static string New(Guid? authorization)
    {
        Span<byte> id = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(id);
        (authorization ?? Guid.Empty).TryWriteBytes(id);
        return Base64Url.EncodeToString(id);
    }

    /// <param name="authorization"><see cref="Guid.Empty"/> for a client that acts for itself.</param>
    /// <returns>False if the id does not have this form.</returns>
    public static bool TryParse([NotNullWhen(true)] string? id, out Guid authorization)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (id?.Length is not MostCharacters
            || Base64Url.DecodeFromChars(id, bytes, out _, out var written) is not OperationStatus.Done
            || written is not Bytes)
        {
            authorization = Guid.Empty;
            return false;
        }

        authorization = new Guid(bytes[..GuidBytes]);
        return true;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Hosting;

/// <summary>
/// 128 bits that stand for a text or an address, as the key of a table in memory. Not a UInt128: ready-to-run code leaves out every method
/// that touches one, and .NET would have to compile all of them at the first request.
/// </summary>
internal readonly record struct Fingerprint(long High, long Low)
{
    /// <summary>The first half of the text's SHA-256.</summary>
    public static Fingerprint Of(string text) => Read(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The first half of the text's HMAC-SHA-256: nobody without the key can tell the text from it.</summary>
    public static Fingerprint Of(string text, byte[] key) => Read(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    /// <param name="bytes">16 bytes or more; the others are ignored.</param>
    public static Fingerprint Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));

    // Addresses are chosen by strangers. This hash has a random seed in each process, so they cannot choose colliding ones.
    public override int GetHashCode() => HashCode.Combine(High, Low);
}

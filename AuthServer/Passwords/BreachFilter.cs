using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Passwords;

/// <summary>
/// A set of passwords as a Bloom filter. It finds every password that was added, and about one in a million others by mistake. Nobody can
/// read a password from it.
/// The file has 8 bytes <c>APBLOOM1</c>, the number of passwords (8 bytes, little-endian), then 29 bits for each password, padded to
/// a whole byte. Bit <c>n</c> is bit <c>n % 8</c> of byte <c>n / 8</c>. Let <c>a</c> and <c>b</c> be the first and the next 8 bytes
/// (big-endian) of the SHA-1 of a password's UTF-8. Then its 20 bits are <c>((a + i * b) mod 2^64) * bits / 2^64</c> for <c>i</c>
/// from 0 to 19.
/// </summary>
internal sealed class BreachFilter
{
    /// <summary>The maximum number of passwords. Such a filter takes 1.8 GB, all of it in memory.</summary>
    public const long MostPasswords = 500_000_000;

    private const int HeaderBytes = 16;
    private const int BitsEach = 29;
    private const int Probes = 20;

    private readonly byte[] bytes;

    private BreachFilter(long count, byte[] bytes) => (Count, this.bytes) = (count, bytes);

    /// <summary>The number of passwords that were added.</summary>
    public long Count { get; }

    private static ReadOnlySpan<byte> Mark => "APBLOOM1"u8;

    /// <param name="count">How many passwords will be added, 1 to <see cref="MostPasswords"/>.</param>
    public static BreachFilter Create(long count) => new(count, new byte[BytesOf(count)]);

    /// <summary>SHA-1, as in the lists of Pwned Passwords, which contain only hashes. SHA-1 protects nothing here.</summary>
#pragma warning disable CA5350
    public static byte[] HashOf(string password) => SHA1.HashData(Encoding.UTF8.GetBytes(password));
#pragma warning restore CA5350

    /// <param name="hash">20 bytes, see <see cref="HashOf"/>.</param>
    public void Add(ReadOnlySpan<byte> hash)
    {
        var (at, step) = Start(hash);
        for (var probe = 0; probe < Probes; probe++, at += step)
        {
            var bit = BitOf(at);
            bytes[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    /// <summary>Takes about 2 microseconds, including the hash.</summary>
    public bool Contains(string password)
    {
        var (at, step) = Start(HashOf(password));
        for (var probe = 0; probe < Probes; probe++, at += step)
        {
            var bit = BitOf(at);
            if ((bytes[bit >> 3] & (1 << (int)(bit & 7))) is 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Write(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[Mark.Length..], Count);
        file.Write(header);
        file.Write(bytes);
    }

    /// <exception cref="InvalidDataException">The file is not such a filter, or is incomplete.</exception>
    public static BreachFilter Read(Stream file)
    {
        var filter = Create(ReadCount(file));
        file.ReadExactly(filter.bytes);
        return filter;
    }

    /// <summary>Checks the header and the length of a file.</summary>
    /// <exception cref="InvalidDataException">The file is not such a filter, or is incomplete.</exception>
    public static long ReadCount(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var isWhole = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) is HeaderBytes && header.StartsWith(Mark);
        var count = BinaryPrimitives.ReadInt64LittleEndian(header[Mark.Length..]);
        return isWhole && count is >= 1 and <= MostPasswords && file.Length == HeaderBytes + BytesOf(count)
            ? count
            : throw new InvalidDataException("is not a password filter, or is incomplete: 'AuthServer passwords filter' makes one");
    }

    private static long BytesOf(long count) => ((count * BitsEach) + 7) / 8;

    private static (ulong At, ulong Step) Start(ReadOnlySpan<byte> hash) =>
        (BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));

    private long BitOf(ulong at) => (long)Math.BigMul(at, (ulong)bytes.LongLength * 8, out _);
}

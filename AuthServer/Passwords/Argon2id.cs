using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace AuthServer.Passwords;

/// <summary>
/// Argon2id (RFC 9106), version 0x13, one lane. libsodium's would do, but more than half of its time goes into having
/// the kernel hand over 19 MiB in pages of 4 KiB, and it takes no other memory: here the memory is ours
/// (<see cref="HugePages"/>) and so is the filling of it; BLAKE2b remains libsodium's. Where this processor or this system
/// has not what it takes, libsodium does it all. Tests hold the two against each other.
/// </summary>
internal static unsafe class Argon2id
{
    private const int Version = 0x13;
    private const int Type = 2;
    private const int Slices = 4;
    private const int BlockBytes = 1024;
    private const int BlockWords = BlockBytes / sizeof(ulong);
    private const int BlockVectors = BlockWords / 4;

    private static readonly Blake2b LongHash = new(64);

    /// <summary>Whether the memory is filled here, and not by libsodium.</summary>
    public static bool IsOwn { get; } = OperatingSystem.IsLinux() && Avx2.IsSupported;

    /// <param name="length">Of the hash, in bytes: 16 to 64.</param>
    public static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int memoryKiB, int passes, int length) =>
        IsOwn && length >= Blake2b.MinHashSize ? Fill(password, salt, memoryKiB, passes, length) : Libsodium(password, salt, memoryKiB, passes, length);

    public static byte[] Libsodium(ReadOnlySpan<byte> password, byte[] salt, int memoryKiB, int passes, int length)
    {
        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memoryKiB, NumberOfPasses = passes };
        return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(password, salt, length);
    }

    // 3.2
    private static byte[] Fill(ReadOnlySpan<byte> password, byte[] salt, int memoryKiB, int passes, int length)
    {
        Span<byte> seed = stackalloc byte[64 + 8];
        Seed(seed[..64], password, salt, memoryKiB, passes, length);
        var blocks = memoryKiB / Slices * Slices;
        using var pages = new HugePages((nuint)blocks * BlockBytes);
        var memory = (ulong*)pages.Address;
        for (var column = 0; column < 2; column++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(seed[64..], column);
            VariableHash(seed, new Span<byte>(memory + (column * BlockWords), BlockBytes));
        }

        for (var pass = 0; pass < passes; pass++)
        {
            for (var slice = 0; slice < Slices; slice++)
            {
                FillSegment(memory, blocks, pass, passes, slice);
            }
        }

        var hash = new byte[length];
        VariableHash(new ReadOnlySpan<byte>(memory + ((long)(blocks - 1) * BlockWords), BlockBytes), hash);
        CryptographicOperations.ZeroMemory(seed);
        return hash;
    }

    // H0. No secret and no associated data: their lengths are 0.
    private static void Seed(Span<byte> seed, ReadOnlySpan<byte> password, byte[] salt, int memoryKiB, int passes, int length)
    {
        var input = new byte[(10 * sizeof(int)) + password.Length + salt.Length];
        var rest = input.AsSpan();
        foreach (var number in (ReadOnlySpan<int>)[1, length, memoryKiB, passes, Version, Type, password.Length])
        {
            Append(ref rest, number);
        }

        password.CopyTo(rest);
        rest = rest[password.Length..];
        Append(ref rest, salt.Length);
        salt.CopyTo(rest);
        LongHash.Hash(input, seed);
        CryptographicOperations.ZeroMemory(input);
    }

    private static void Append(ref Span<byte> rest, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[sizeof(int)..];
    }

    // 3.3
    private static void VariableHash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var prefixed = new byte[sizeof(int) + input.Length];
        BinaryPrimitives.WriteInt32LittleEndian(prefixed, output.Length);
        input.CopyTo(prefixed.AsSpan(sizeof(int)));
        if (output.Length <= 64)
        {
            new Blake2b(output.Length).Hash(prefixed, output);
        }
        else
        {
            Span<byte> link = stackalloc byte[64];
            LongHash.Hash(prefixed, link);
            for (; output.Length > 64; output = output[32..])
            {
                link[..32].CopyTo(output);
                LongHash.Hash(link.ToArray(), link);
            }

            link.CopyTo(output);
        }

        CryptographicOperations.ZeroMemory(prefixed);
    }

    // 3.4. Optimized at once: at the first sign-in this already runs 39,000 times.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillSegment(ulong* memory, int blocks, int pass, int passes, int slice)
    {
        var length = blocks / Slices;
        var areByPosition = pass is 0 && slice < Slices / 2;
        var zero = stackalloc ulong[BlockWords];
        var input = stackalloc ulong[BlockWords];
        var addresses = stackalloc ulong[BlockWords];
        new Span<ulong>(zero, BlockWords).Clear();
        new Span<ulong>(input, BlockWords).Clear();
        (input[0], input[2], input[3], input[4], input[5]) = ((ulong)pass, (ulong)slice, (ulong)blocks, (ulong)passes, Type);

        for (var index = 0; index < length; index++)
        {
            if (areByPosition && index % BlockWords is 0)
            {
                input[6]++;
                Compress(zero, input, addresses, isXor: false);
                Compress(zero, addresses, addresses, isXor: false);
            }

            if (pass is 0 && slice is 0 && index < 2)
            {
                continue;
            }

            var current = (slice * length) + index;
            var previous = memory + ((long)(current is 0 ? blocks - 1 : current - 1) * BlockWords);
            var random = areByPosition ? addresses[index % BlockWords] : previous[0];

            // 3.4.2: the blocks to choose from, of which the latest are the likeliest.
            var area = (uint)((pass is 0 ? current : blocks - length + index) - 1);
            var first = pass is 0 || slice is Slices - 1 ? 0 : (slice + 1) * length;
            var square = ((random & uint.MaxValue) * (random & uint.MaxValue)) >> 32;
            var chosen = ((ulong)first + (area - 1 - ((area * square) >> 32))) % (ulong)blocks;
            Compress(previous, memory + ((long)chosen * BlockWords), memory + ((long)current * BlockWords), isXor: pass > 0);
        }
    }

    // 3.5: G, its 1024 bytes as 8 rows of 4 vectors. From the second pass on the block that was there is mixed in.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ulong* left, ulong* right, ulong* target, bool isXor)
    {
        var mixed = stackalloc Vector256<ulong>[BlockVectors];
        var keep = stackalloc Vector256<ulong>[BlockVectors];
        for (var i = 0; i < BlockVectors; i++)
        {
            mixed[i] = Vector256.Load(left + (4 * i)) ^ Vector256.Load(right + (4 * i));
            keep[i] = isXor ? mixed[i] ^ Vector256.Load(target + (4 * i)) : mixed[i];
        }

        for (var i = 0; i < BlockVectors; i += 8)
        {
            PermuteRows(ref mixed[i], ref mixed[i + 1], ref mixed[i + 2], ref mixed[i + 3], ref mixed[i + 4], ref mixed[i + 5], ref mixed[i + 6], ref mixed[i + 7]);
        }

        for (var i = 0; i < 4; i++)
        {
            PermuteColumns(ref mixed[i], ref mixed[i + 4], ref mixed[i + 8], ref mixed[i + 12], ref mixed[i + 16], ref mixed[i + 20], ref mixed[i + 24], ref mixed[i + 28]);
        }

        for (var i = 0; i < BlockVectors; i++)
        {
            (mixed[i] ^ keep[i]).Store(target + (4 * i));
        }
    }

    // 3.6: P on two rows, each of whose vectors is a row of P's own matrix.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteRows(
        ref Vector256<ulong> ra0, ref Vector256<ulong> rb0, ref Vector256<ulong> rc0, ref Vector256<ulong> rd0,
        ref Vector256<ulong> ra1, ref Vector256<ulong> rb1, ref Vector256<ulong> rc1, ref Vector256<ulong> rd1)
    {
        var (a0, b0, c0, d0) = (ra0, rb0, rc0, rd0);
        var (a1, b1, c1, d1) = (ra1, rb1, rc1, rd1);
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, c0, d0) = (Avx2.Permute4x64(b0, 0x39), Avx2.Permute4x64(c0, 0x4E), Avx2.Permute4x64(d0, 0x93));
        (b1, c1, d1) = (Avx2.Permute4x64(b1, 0x39), Avx2.Permute4x64(c1, 0x4E), Avx2.Permute4x64(d1, 0x93));
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (ra0, rb0, rc0, rd0) = (a0, Avx2.Permute4x64(b0, 0x93), Avx2.Permute4x64(c0, 0x4E), Avx2.Permute4x64(d0, 0x39));
        (ra1, rb1, rc1, rd1) = (a1, Avx2.Permute4x64(b1, 0x93), Avx2.Permute4x64(c1, 0x4E), Avx2.Permute4x64(d1, 0x39));
    }

    // P on two columns, half a vector of each of the 8 rows for one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteColumns(
        ref Vector256<ulong> ra0, ref Vector256<ulong> ra1, ref Vector256<ulong> rb0, ref Vector256<ulong> rb1,
        ref Vector256<ulong> rc0, ref Vector256<ulong> rc1, ref Vector256<ulong> rd0, ref Vector256<ulong> rd1)
    {
        var (a0, b0, c0, d0) = (ra0, rb0, rc0, rd0);
        var (a1, b1, c1, d1) = (ra1, rb1, rc1, rd1);
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, b1, c0, c1, d0, d1) = (Shift(b0, b1), Shift(b1, b0), c1, c0, Shift(d1, d0), Shift(d0, d1));
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (ra0, ra1, rb0, rb1) = (a0, a1, Shift(b1, b0), Shift(b0, b1));
        (rc0, rc1, rd0, rd1) = (c1, c0, Shift(d0, d1), Shift(d1, d0));
    }

    // In each half the second word of the one and the first of the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Shift(Vector256<ulong> one, Vector256<ulong> other) => Avx2.AlignRight(other, one, 8);

    // GB of 3.6, on four words at once and twice, so that one half can go on while the other waits for a product.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<ulong> a0, ref Vector256<ulong> b0, ref Vector256<ulong> c0, ref Vector256<ulong> d0,
        ref Vector256<ulong> a1, ref Vector256<ulong> b1, ref Vector256<ulong> c1, ref Vector256<ulong> d1)
    {
        (a0, a1) = (Add(a0, b0), Add(a1, b1));
        (d0, d1) = (RotateRight32(d0 ^ a0), RotateRight32(d1 ^ a1));
        (c0, c1) = (Add(c0, d0), Add(c1, d1));
        (b0, b1) = (RotateRight24(b0 ^ c0), RotateRight24(b1 ^ c1));
        (a0, a1) = (Add(a0, b0), Add(a1, b1));
        (d0, d1) = (RotateRight16(d0 ^ a0), RotateRight16(d1 ^ a1));
        (c0, c1) = (Add(c0, d0), Add(c1, d1));
        (b0, b1) = (RotateRight63(b0 ^ c0), RotateRight63(b1 ^ c1));
    }

    // x + y + 2 * low half of x * low half of y
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Add(Vector256<ulong> x, Vector256<ulong> y)
    {
        var product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + (product + product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight32(Vector256<ulong> x) => Avx2.Shuffle(x.AsUInt32(), 0xB1).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight24(Vector256<ulong> x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight16(Vector256<ulong> x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> RotateRight63(Vector256<ulong> x) => (x + x) | (x >>> 63);
}

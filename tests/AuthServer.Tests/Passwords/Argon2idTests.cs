using System.Security.Cryptography;
using AuthServer.Passwords;

namespace AuthServer.Tests.Passwords;

/// <summary>Our filling of the memory against libsodium's: the same hash, bit by bit.</summary>
public sealed class Argon2idTests
{
    private static readonly byte[] Salt = "sixteen bytes of"u8.ToArray();

    public static TheoryData<int, int, int> Parameters => new()
    {
        // The least there may be, amounts that are no multiple of 4, a segment of less, just and more than one block of addresses.
        { 8, 1, 32 }, { 9, 1, 32 }, { 15, 3, 33 }, { 127, 2, 63 }, { 508, 1, 64 }, { 512, 1, 32 }, { 516, 2, 32 }, { 2048, 16, 48 },

        // Today's, and those that other systems keep.
        { 19456, 2, 32 }, { 65536, 3, 32 }, { 47104, 1, 16 }, { 102400, 2, 64 },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void The_hash_is_that_of_libsodium(int memoryKiB, int passes, int length) =>
        AssertSame("correct horse battery staple"u8, Salt, memoryKiB, passes, length);

    [Fact]
    public void The_hash_is_that_of_libsodium_for_any_password_and_salt()
    {
        for (var round = 0; round < 100; round++)
        {
            AssertSame(
                RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(0, 300)),
                RandomNumberGenerator.GetBytes(16),
                RandomNumberGenerator.GetInt32(8, 2000),
                RandomNumberGenerator.GetInt32(1, 5),
                RandomNumberGenerator.GetInt32(16, 65));
        }
    }

    [Fact]
    public void Many_at_once_do_not_disturb_each_other()
    {
        var expected = Argon2id.Libsodium("one"u8, Salt, 1024, 2, 32);
        Parallel.For(0, 64, _ => Assert.Equal(expected, Argon2id.Derive("one"u8, Salt, 1024, 2, 32)));
    }

    // echo -n password | argon2 somesalt12345678 -id -t 2 -k 19456 -p 1 -l 32
    [Fact]
    public void The_authors_own_program_makes_the_same() => Assert.Equal(
        "0c4c0b6db219194b6006e078818a24eabea136f7af619a31930310e7f2d749a5",
        Convert.ToHexStringLower(Argon2id.Derive("password"u8, "somesalt12345678"u8.ToArray(), 19456, 2, 32)));

    private static void AssertSame(ReadOnlySpan<byte> password, byte[] salt, int memoryKiB, int passes, int length) => Assert.Equal(
        Argon2id.Libsodium(password, salt, memoryKiB, passes, length), Argon2id.Derive(password, salt, memoryKiB, passes, length));
}

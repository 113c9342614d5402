using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NSec.Cryptography;

namespace AuthServer.Passwords;

/// <summary>
/// An Argon2id hash (RFC 9106) in the PHC string format: <c>$argon2id$v=19$m=12288,t=3,p=1$salt$hash</c>, salt and hash in
/// base64 without padding.
/// </summary>
/// <param name="MemoryKiB"><c>m</c>.</param>
/// <param name="Passes"><c>t</c>. The number of lanes is always 1, because libsodium supports no more.</param>
internal sealed partial record Argon2idHash(int MemoryKiB, int Passes, byte[] Salt, byte[] Hash)
{
    public const string Prefix = "$argon2id$";

    // The Password Storage Cheat Sheet of OWASP: 12 MiB, 3 passes, 1 lane, which it rates equal to 19 MiB and 2 passes. The kernel zeroes
    // the memory for each hash. With less memory, less time goes into that, which is work that an attacker does not have.
    private const int TodaysMemoryKiB = 12288;
    private const int TodaysPasses = 3;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // Limits, so that a stored hash cannot take all of the server's memory or time.
    private const int MostMemoryKiB = 256 * 1024;
    private const int MostPasses = 16;

    public bool IsOfToday => MemoryKiB is TodaysMemoryKiB && Passes is TodaysPasses && Hash.Length is HashBytes;

    public static Argon2idHash Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new Argon2idHash(TodaysMemoryKiB, TodaysPasses, salt, Derive(password, salt, TodaysMemoryKiB, TodaysPasses, HashBytes));
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out Argon2idHash? hash)
    {
        hash = null;
        var match = Form().Match(text);
        if (!match.Success
            || !TryDecode(match.Groups["salt"].Value, out var salt)
            || !TryDecode(match.Groups["hash"].Value, out var bytes)
            || salt.Length is not SaltBytes
            || bytes.Length is < 16 or > 64)
        {
            return false;
        }

        var memory = int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture);
        var passes = int.Parse(match.Groups["t"].Value, CultureInfo.InvariantCulture);
        if (memory is < 8 or > MostMemoryKiB || passes is < 1 or > MostPasses)
        {
            return false;
        }

        hash = new Argon2idHash(memory, passes, salt, bytes);
        return true;
    }

    public bool Verify(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt, MemoryKiB, Passes, Hash.Length), Hash);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}v=19$m={MemoryKiB},t={Passes},p=1${Encode(Salt)}${Encode(Hash)}");

    private static byte[] Derive(string password, byte[] salt, int memoryKiB, int passes, int length)
    {
        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memoryKiB, NumberOfPasses = passes };
        return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(Encoding.UTF8.GetBytes(password), salt, length);
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var ok = Convert.TryFromBase64String(padded, bytes, out var length);
        bytes = bytes[..length];
        return ok;
    }

    [GeneratedRegex(
        @"\A\$argon2id\$v=19\$m=(?<m>[1-9][0-9]{0,7}),t=(?<t>[1-9][0-9]{0,3}),p=1"
        + @"\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<hash>[A-Za-z0-9+/]{22,86})\z")]
    private static partial Regex Form();
}

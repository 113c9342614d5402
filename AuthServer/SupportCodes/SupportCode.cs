using System.Security.Cryptography;

namespace AuthServer.SupportCodes;

/// <summary>
/// Names one sign-in, for a person who phones: eight characters of Crockford's Base32, which has no look-alikes, so 40 random bits.
/// In the database <c>7K2QM4XA</c>, for people <c>7K2Q-M4XA</c>.
/// </summary>
internal static class SupportCode
{
    public const int Length = 8;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <param name="hash">At least 8 bytes.</param>
    public static string Of(ReadOnlySpan<byte> hash)
    {
        Span<char> code = stackalloc char[Length];
        for (var index = 0; index < Length; index++)
        {
            code[index] = Alphabet[hash[index] % Alphabet.Length];
        }

        return new string(code);
    }

    public static string Show(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>Reads a code as people say and type it: in any case, with or without hyphen and spaces, O for 0, I or L for 1.</summary>
    /// <returns>Null if the text is no code.</returns>
    public static string? Parse(string? text)
    {
        var code = string.Concat((text ?? "").Where(character => character is not ('-' or ' ')).Select(Plain));
        return code.Length is Length && code.All(Alphabet.Contains) ? code : null;
    }

    private static char Plain(char character) => char.ToUpperInvariant(character) switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        var other => other,
    };
}

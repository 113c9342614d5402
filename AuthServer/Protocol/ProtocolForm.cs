using System.Text;
using Microsoft.Extensions.Primitives;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> as RFC 6749 B defines it. It refuses what the framework's reader would
/// repair or accept: broken encodings, control characters, repeated parameters.
/// </summary>
internal static class ProtocolForm
{
    public const int MostParameters = 100;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="keepEmpty">True to keep parameters that have no value.</param>
    /// <returns>The parameters; or null, with the problem as a sentence for the client.</returns>
    public static Dictionary<string, StringValues>? Parse(ReadOnlySpan<byte> body, out string problem, bool keepEmpty = false)
    {
        var parameters = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        var decoded = new byte[body.Length];
        var count = 0;
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (++count > MostParameters)
            {
                problem = "The request has too many parameters.";
                return null;
            }

            var split = pair.IndexOf((byte)'=');
            if (Decode(split < 0 ? pair : pair[..split], decoded) is not { Length: > 0 } name
                || Decode(split < 0 ? [] : pair[(split + 1)..], decoded) is not { } value)
            {
                problem = "The request is not form-encoded UTF-8 without control characters.";
                return null;
            }

            // RFC 6749 3.2: a parameter without a value counts as absent. RFC 8707 2: a resource may be repeated.
            if ((value.Length > 0 || keepEmpty) && !parameters.TryAdd(name, value))
            {
                if (name is not (Parameters.Resource or Parameters.Audience))
                {
                    problem = "The request has a parameter more than once.";
                    return null;
                }

                parameters[name] = StringValues.Concat(parameters[name], value);
            }
        }

        problem = "";
        return parameters;
    }

    private static string? Decode(ReadOnlySpan<byte> text, Span<byte> decoded)
    {
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is (byte)'%')
            {
                if (index + 2 >= text.Length
                    || !char.IsAsciiHexDigit((char)text[index + 1])
                    || !char.IsAsciiHexDigit((char)text[index + 2]))
                {
                    return null;
                }

                decoded[length++] = (byte)((Nibble(text[index + 1]) << 4) | Nibble(text[index + 2]));
                index += 2;
            }
            else
            {
                decoded[length++] = text[index] is (byte)'+' ? (byte)' ' : text[index];
            }
        }

        try
        {
            var result = Utf8.GetString(decoded[..length]);
            return result.Any(IsForbidden) ? null : result;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int Nibble(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // RFC 6749 A allows no control characters in any parameter, and PostgreSQL cannot store NUL. Free text may contain tabs and line ends.
    private static bool IsForbidden(char character) => char.IsControl(character) && character is not ('\t' or '\r' or '\n');
}

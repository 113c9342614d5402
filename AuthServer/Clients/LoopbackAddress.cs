using System.Text.RegularExpressions;

namespace AuthServer.Clients;

/// <summary>
/// RFC 8252 7.3: the address at which a native app listens on its own machine. The app may take any port. The rest must be equal character
/// by character, because URI parsers, browsers and apps disagree on which spellings are the same host and path.
/// </summary>
internal static partial class LoopbackAddress
{
    public static bool DifferInPortOnly(string registered, string asked) =>
        Pattern().Match(registered) is { Success: true } one
        && Pattern().Match(asked) is { Success: true } other
        && one.Groups["host"].ValueSpan.SequenceEqual(other.Groups["host"].ValueSpan)
        && one.Groups["rest"].ValueSpan.SequenceEqual(other.Groups["rest"].ValueSpan)
        && (!other.Groups["port"].Success || int.Parse(other.Groups["port"].ValueSpan, provider: null) <= ushort.MaxValue);

    [GeneratedRegex(
        @"^(?<host>https?://(127\.0\.0\.1|\[::1\]|localhost))(:(?<port>[1-9][0-9]{0,4}))?(?<rest>([/?].*)?)\z", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}

using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Platform;

/// <summary>
/// Reads the addresses of a platform file as RFC 3986 writes them. The framework's own parser takes much more, which browsers,
/// response headers and OpenIddict then do not.
/// </summary>
internal static partial class AddressReader
{
    // RFC 3986 2.2, 2.3, and the percent sign of 2.1.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    /// <param name="isLastWord">What this is to be, for the message.</param>
    /// <param name="isAllowed">Whether an address, well written in itself, may stand here.</param>
    /// <param name="reserved">Parameters that this server or a protocol adds to the query.</param>
    /// <returns>Null, and a problem is reported, for what may not stand here.</returns>
    public static Uri? Read(YamlMap map, Place place, string key, string text, string isLastWord, Func<Uri, bool> isAllowed, params string[] reserved)
    {
        if (Fault(text) is { } fault)
        {
            map.Report(place, $"'{key}' {fault}");
            return null;
        }

        if (!Scheme().IsMatch(text) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || !uri.IsWellFormedOriginalString()
            || text.Contains('#', StringComparison.Ordinal) || uri.UserInfo.Length > 0 || uri.Port is 0 || !isAllowed(uri))
        {
            map.Report(place, $"'{key}' must {isLastWord}.");
            return null;
        }

        foreach (var name in QueryHelpers.ParseQuery(uri.Query).Keys.Where(name => reserved.Contains(name, StringComparer.Ordinal)))
        {
            map.Report(place, $"'{key}' must not have '{name}' in its query: that parameter is added to the address by this server.");
            return null;
        }

        return uri;
    }

    public static bool IsHttps(Uri uri) => uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0;

    /// <summary>Also http on this machine, where nobody else can listen to it.</summary>
    public static bool IsWeb(Uri uri) => IsHttps(uri) || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    /// <summary>RFC 8252 7.1: a private-use scheme is the reversed name of a domain, so that it cannot mean something else.</summary>
    public static bool IsNative(Uri uri) => IsWeb(uri) || uri.Scheme.Contains('.', StringComparison.Ordinal);

    private static string? Fault(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(Allowed);
        if (at >= 0)
        {
            return $"has '{(char.IsSurrogate(text[at]) ? text.Substring(at, Math.Min(2, text.Length - at)) : text[at])}', which no address may (RFC 3986 2): write a host in its xn-- form, and all else percent-encoded as UTF-8.";
        }

        return BadEscape().Match(text) is { Success: true } match
            ? $"has '{match.Value}', which is no percent-encoding (RFC 3986 2.1)."
            : null;
    }

    // RFC 3986 3.1. Without it the framework takes a path for a file of this machine.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2}).{0,2}")]
    private static partial Regex BadEscape();
}

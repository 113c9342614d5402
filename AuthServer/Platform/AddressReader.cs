using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Platform;

/// <summary>
/// Reads addresses in a platform file as RFC 3986 defines them. The framework's own parser accepts much more, which browsers,
/// response headers and OpenIddict then refuse.
/// </summary>
internal static partial class AddressReader
{
    // RFC 3986 2.2, 2.3, and the percent sign of 2.1.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    /// <param name="isLastWord">What the address must be: the end of the message "'key' must …".</param>
    /// <param name="isAllowed">Decides whether a well-formed address is allowed here.</param>
    /// <param name="reserved">Parameters that this server or a protocol adds to the query. The address must not have them.</param>
    /// <returns>Null if the address is not allowed here. The problem is then reported.</returns>
    public static Uri? Read(
        YamlMap map, Place place, string key, string text, string isLastWord, Func<Uri, bool> isAllowed, params string[] reserved)
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

    /// <summary>True for https, and for http on this machine, where nobody else can listen.</summary>
    public static bool IsWeb(Uri uri) => IsHttps(uri) || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    /// <summary>
    /// RFC 8252 7.1: also allows a private-use scheme, which is a reversed domain name and so cannot mean something else.
    /// </summary>
    public static bool IsNative(Uri uri) => IsWeb(uri) || uri.Scheme.Contains('.', StringComparison.Ordinal);

    private static string? Fault(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(Allowed);
        if (at >= 0)
        {
            return $"has '{(char.IsSurrogate(text[at]) ? text.Substring(at, Math.Min(2, text.Length - at)) : text[at])}', "
                + "which is not allowed in an address (RFC 3986 2): write the host in its xn-- form, and "
                + "everything else percent-encoded as UTF-8.";
        }

        return BadEscape().Match(text) is { Success: true } match
            ? $"has '{match.Value}', which is not a percent-encoding (RFC 3986 2.1)."
            : null;
    }

    // RFC 3986 3.1. Without a scheme, the framework would read a path as a local file.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2}).{0,2}")]
    private static partial Regex BadEscape();
}

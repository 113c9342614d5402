using System.Globalization;

namespace AuthServer.Connect;

/// <summary>Compares resource indicators (RFC 8707 2): clients write the same one in several ways.</summary>
internal static class ResourceAddress
{
    /// <summary>
    /// Ignores, for http and https, the case of scheme and host, a default port and an empty path (RFC 3986 6.2.2.1, 6.2.3).
    /// Everything else must be equal letter by letter.
    /// </summary>
    public static bool AreSame(string one, string other) => Normalize(one).Equals(Normalize(other), StringComparison.Ordinal);

    private static string Normalize(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var scheme = start > 2 ? address[..(start - 3)].ToLowerInvariant() : "";
        if (scheme is not ("http" or "https"))
        {
            return address;
        }

        var end = address.IndexOfAny(['/', '?', '#'], start);
        var (authority, rest) = end < 0 ? (address[start..], "") : (address[start..end], address[end..]);
        var port = authority.LastIndexOf(':');
        if (port >= 0 && !authority.EndsWith(']')
            && (port == authority.Length - 1
                || (int.TryParse(authority[(port + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number == (scheme is "https" ? 443 : 80))))
        {
            authority = authority[..port];
        }

        return $"{scheme}://{authority.ToLowerInvariant()}{(rest.StartsWith('/') ? "" : "/")}{rest}";
    }
}

namespace AuthServer.Logout;

/// <summary>The section <c>Logout</c>.</summary>
internal sealed class LogoutOptions
{
    public const string Section = "Logout";

    /// <summary>
    /// Origins of apps that this server reaches at another, <c>http://localhost:8421=http://orders:8080</c> inside a
    /// container network. Default: none.
    /// </summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>The two origins of an entry; null for what is not one.</summary>
    public static (Uri From, Uri To)? Read(string entry) =>
        entry.Split('=') is [var from, var to] && Origin(from) is { } outer && Origin(to) is { } inner ? (outer, inner) : null;

    private static Uri? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", UserInfo.Length: 0, Fragment.Length: 0 } ? uri : null;
}

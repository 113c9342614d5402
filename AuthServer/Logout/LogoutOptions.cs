namespace AuthServer.Logout;

/// <summary>
/// The section <c>Logout</c>: how this server reaches apps to tell them of a <see href="sign-in.md#signing-out">sign-out</see>.
/// </summary>
internal sealed class LogoutOptions
{
    public const string Section = "Logout";

    /// <summary>Apps that this server reaches at another origin than browsers do, for example inside a container network.</summary>
    /// <value>pairs of origins such as <c>http://localhost:8421=http://orders:8080</c></value>
    public string[] Addresses { get; set; } = [];

    /// <summary>The two origins of an entry, or null if the entry is not a pair of origins.</summary>
    public static (Uri From, Uri To)? Read(string entry) =>
        entry.Split('=') is [var from, var to] && Origin(from) is { } outer && Origin(to) is { } inner ? (outer, inner) : null;

    private static Uri? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { PathAndQuery: "/", UserInfo.Length: 0, Fragment.Length: 0 } ? uri : null;
}

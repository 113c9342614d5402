namespace AuthServer.Pages;

/// <summary>Names a device as its owner would call it, from the <c>User-Agent</c> of its browser.</summary>
internal static class DeviceName
{
    // The order matters: each browser also claims to be some of those after it.
    private static readonly (string Token, string Name)[] Browsers =
        [
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Whale/", "Whale"),
            ("Firefox/", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ];

    private static readonly (string Token, string Name)[] Systems =
        [
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "Mac"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ];

    /// <returns>Null if nothing in it is known.</returns>
    public static string? Of(string? userAgent)
    {
        var known = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>().ToList();
        return known.Count > 0 ? string.Join(" · ", known) : ProductOf(userAgent);
    }

    // RFC 9110 10.1.5: a program that is not a browser begins with its own name: "MyTv/2.1 (…)".
    private static string? ProductOf(string? userAgent) =>
        userAgent?.Split(['/', ' '], 2)[0] is { Length: > 0 and <= 40 } product && product is not "Mozilla" && product.All(IsOfName)
            ? product
            : null;

    private static bool IsOfName(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';

    private static string? Find((string Token, string Name)[] known, string? userAgent) =>
        Array.Find(known, entry => userAgent?.Contains(entry.Token, StringComparison.OrdinalIgnoreCase) is true).Name;
}

namespace AuthServer.Account;

/// <summary>A device as its owner would call it, from what its browser says of itself.</summary>
internal static class DeviceName
{
    // In this order: each of them says that it is some of those behind it, too.
    private static readonly (string Token, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Whale/", "Whale"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Token, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <returns>Null for what says nothing that is known.</returns>
    public static string? Of(string? userAgent)
    {
        var known = new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>().ToList();
        return known.Count > 0 ? string.Join(" · ", known) : null;
    }

    private static string? Find((string Token, string Name)[] known, string? userAgent) =>
        Array.Find(known, entry => userAgent?.Contains(entry.Token, StringComparison.OrdinalIgnoreCase) is true).Name;
}

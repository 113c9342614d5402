using AuthServer.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>Reads what an app declares for sign-ins in a browser.</summary>
internal static class BrowserReader
{
    private const string Explicit = "explicit";
    private const string Implicit = "implicit";
    private const string FrontChannelLogoutUri = "frontchannel_logout_uri";

    public static BrowserEntry Read(YamlMap map, bool isPublic, bool isNative) => new(
        isNative,
        Addresses(map, "redirect_uris", isNative),
        Addresses(map, "post_logout_redirect_uris", isNative),

        // RFC 8252 8.6: nobody can tell a public app from another program, so the person is asked unless the operator says otherwise.
        (Choice(map, "consent", Implicit, Explicit) ?? (isPublic ? Explicit : Implicit)) is Explicit,
        Choice(map, "pkce", "required", "optional") is not "optional",
        Page(map, "url"),
        Page(map, "logo"),
        BackChannel(map, "backchannel_logout_uri"),
        Page(map, FrontChannelLogoutUri),
        Choice(map, "frontchannel_logout_session_required", "true", "false") is not "false");

    /// <summary>What fits together.</summary>
    public static void Check(YamlMap map, AppEntry app)
    {
        var usesCode = app.Grants.Contains(GrantTypes.AuthorizationCode);
        if (usesCode && app.Browser.RedirectUris.Count is 0)
        {
            map.Report(app.Place, $"The app '{app.Id}' with the grant authorization_code needs 'redirect_uris'.");
        }
        else if (!usesCode && app.Browser.RedirectUris.Count > 0)
        {
            map.Report(app.Place, $"The app '{app.Id}' has 'redirect_uris' and not the grant authorization_code.");
        }

        // OpenID Connect Front-Channel Logout 1.0, 2: the page of the sign-out frames nothing that no sign-in leads to.
        if (app.Browser.FrontChannelLogoutUri is { } frame
            && !app.Browser.RedirectUris.Any(uri => ClientOrigins.Of(uri.OriginalString) == ClientOrigins.Of(frame.OriginalString)))
        {
            map.Report(app.Place, $"'{FrontChannelLogoutUri}' of the app '{app.Id}' must have scheme, host and port of one of its 'redirect_uris'.");
        }

        // RFC 9700 2.1.1
        if (app.IsPublic && !app.Browser.RequiresPkce)
        {
            map.Report(app.Place, $"The public app '{app.Id}' has nothing but PKCE to protect its codes: 'pkce' must stay required.");
        }
    }

    private static List<Uri> Addresses(YamlMap map, string key, bool isNative)
    {
        var found = new List<Uri>();
        foreach (var (place, text) in map.Names(key))
        {
            if (RedirectUri(text, isNative) is { } uri)
            {
                found.Add(uri);
            }
            else
            {
                map.Report(place, $"'{key}' must hold absolute https addresses without '#' and '*', of http only those of this machine{(isNative ? ", or a scheme of the app's own like com.example.app:/callback" : "")}.");
            }
        }

        return found;
    }

    // RFC 6749 3.1.2, RFC 8252 7.1: a private-use scheme is the reversed name of a domain, so that it cannot mean something else.
    private static Uri? RedirectUri(string text, bool isNative) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Contains('#', StringComparison.Ordinal) || text.Contains('*', StringComparison.Ordinal) ? null
        : uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length is 0 ? uri
        : uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && uri.UserInfo.Length is 0 ? uri
        : isNative && uri.Scheme.Contains('.', StringComparison.Ordinal) ? uri
        : null;

    private static Uri? Page(YamlMap map, string key)
    {
        var place = map.PlaceOf(key);
        if (map.Text(key) is not { } text)
        {
            return null;
        }

        var uri = RedirectUri(text, isNative: false);
        if (uri is null)
        {
            map.Report(place, $"'{key}' must be an absolute https address.");
        }

        return uri;
    }

    // Called by this server, perhaps inside a container network, where a host is a word without a dot.
    private static Uri? BackChannel(YamlMap map, string key)
    {
        var place = map.PlaceOf(key);
        if (map.Text(key) is not { } text)
        {
            return null;
        }

        var uri = RedirectUri(text, isNative: false)
            ?? (Uri.TryCreate(text, UriKind.Absolute, out var inner) && inner.Scheme == Uri.UriSchemeHttp && !inner.Host.Contains('.', StringComparison.Ordinal)
                && inner is { UserInfo.Length: 0, Fragment.Length: 0 } ? inner : null);
        if (uri is null)
        {
            map.Report(place, $"'{key}' must be an absolute https address without '#', or of http one of this machine or of a host name without a dot.");
        }

        return uri;
    }

    private static string? Choice(YamlMap map, string key, string first, string second)
    {
        var place = map.PlaceOf(key);
        var text = map.Text(key);
        if (text is not null && text != first && text != second)
        {
            map.Report(place, $"'{key}' must be {first} or {second}.");
        }

        return text;
    }
}

using AuthServer.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Platform;

/// <summary>Reads what an app declares for sign-ins in a browser.</summary>
internal static class BrowserReader
{
    private const string Explicit = "explicit";
    private const string Implicit = "implicit";
    private const string FrontChannelLogoutUri = "frontchannel_logout_uri";
    private const string WebAddress = "be an absolute https address";

    // Stands for an address that was already reported, so that it is not also reported as missing.
    private static readonly Uri Refused = new("https://refused.invalid/");

    // Parameters that a response may add to a redirect URI: RFC 6749 4.1.2, 4.2.2, RFC 9207 2, JARM 2.3 and OpenID Connect Session
    // Management 1.0, 2.
    private static readonly string[] AnswerParameters =
    [
        Parameters.Code, Parameters.State, Parameters.Iss, Parameters.Error, Parameters.ErrorDescription, Parameters.ErrorUri,
        Parameters.AccessToken, Parameters.TokenType, Parameters.ExpiresIn, Parameters.IdToken, "response", "session_state",
    ];

    public static BrowserEntry Read(YamlMap map, bool isPublic, bool isNative) => new(
        isNative,
        Addresses(map, "redirect_uris", isNative, AnswerParameters),

        // RP-Initiated Logout 1.0, 3.
        Addresses(map, "post_logout_redirect_uris", isNative, Parameters.State, Parameters.Iss),

        // RFC 8252 8.6: another program can pretend to be a public app, so the user is asked unless the operator decides otherwise.
        (Choice(map, "consent", Implicit, Explicit) ?? (isPublic ? Explicit : Implicit)) is Explicit,
        Choice(map, "pkce", "required", "optional") is not "optional",
        Page(map, "url"),
        Page(map, "logo"),
        BackChannel(map, "backchannel_logout_uri"),
        Page(map, FrontChannelLogoutUri, Parameters.Iss, "sid"),
        Choice(map, "frontchannel_logout_session_required", "true", "false") is not "false");

    /// <summary>Checks the rules that concern several keys.</summary>
    public static void Check(YamlMap map, AppEntry app)
    {
        var usesCode = app.Grants.Contains(GrantTypes.AuthorizationCode);
        if (usesCode && app.Browser.RedirectUris.Count is 0)
        {
            map.Report(app.Place, $"The app '{app.Id}' with the grant authorization_code needs 'redirect_uris'.");
        }
        else if (!usesCode && app.Browser.RedirectUris.Count > 0)
        {
            map.Report(app.Place, $"The app '{app.Id}' has 'redirect_uris' but not the grant authorization_code.");
        }

        // OpenID Connect Front-Channel Logout 1.0, 2: the sign-out page frames only origins to which a sign-in can lead.
        if (app.Browser.FrontChannelLogoutUri is { } frame
            && !app.Browser.RedirectUris.Any(uri => ClientOrigins.Of(uri.OriginalString) == ClientOrigins.Of(frame.OriginalString)))
        {
            map.Report(
                app.Place,
                $"'{FrontChannelLogoutUri}' of the app '{app.Id}' must have scheme, host and port of one of its 'redirect_uris'.");
        }

        // RFC 9700 2.1.1
        if (app.IsPublic && !app.Browser.RequiresPkce)
        {
            map.Report(app.Place, $"The public app '{app.Id}' has nothing but PKCE to protect its codes: 'pkce' must stay required.");
        }
    }

    private static List<Uri> Addresses(YamlMap map, string key, bool isNative, params string[] reserved)
    {
        var form = "hold absolute https addresses without '#' and '*', or http addresses of this machine"
            + (isNative ? ", or addresses with the app's own scheme like com.example.app:/callback" : "");
        return
        [
            .. map.Names(key).Select(entry => AddressReader.Read(map, entry.Place, key, entry.Name, form, IsAllowed, reserved) ?? Refused),
        ];

        bool IsAllowed(Uri uri) =>
            !uri.OriginalString.Contains('*', StringComparison.Ordinal)
            && (isNative ? AddressReader.IsNative(uri) : AddressReader.IsWeb(uri));
    }

    private static Uri? Page(YamlMap map, string key, params string[] reserved)
    {
        var place = map.PlaceOf(key);
        return map.Text(key) is { } text ? AddressReader.Read(map, place, key, text, WebAddress, AddressReader.IsWeb, reserved) : null;
    }

    // This server calls the address, perhaps inside a container network, where host names have no dot.
    private static Uri? BackChannel(YamlMap map, string key)
    {
        var place = map.PlaceOf(key);
        return map.Text(key) is { } text
            ? AddressReader.Read(
                map, place, key, text, $"{WebAddress} without '#', or an http address of this machine or of a host name without a dot",
                IsAllowed)
            : null;

        static bool IsAllowed(Uri uri) =>
            AddressReader.IsWeb(uri)
            || (uri.Scheme == Uri.UriSchemeHttp && uri.Host.Length > 0 && !uri.Host.Contains('.', StringComparison.Ordinal));
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

namespace AuthServer.Protocol;

/// <summary>The paths of this server, and which rules apply to a path.</summary>
internal static class Paths
{
    public static readonly PathString Authorize = "/connect/authorize";
    public static readonly PathString EndSession = "/connect/endsession";
    public static readonly PathString PushedAuthorization = "/connect/par";
    public static readonly PathString DeviceAuthorization = "/connect/device";
    public static readonly PathString Token = "/connect/token";
    public static readonly PathString Introspection = "/connect/introspect";
    public static readonly PathString Revocation = "/connect/revoke";
    public static readonly PathString UserInfo = "/connect/userinfo";
    public static readonly PathString Connect = "/connect";
    public static readonly PathString WellKnown = "/.well-known";

    public static readonly PathString Account = "/account";
    public static readonly PathString SignIn = "/account/login";
    public static readonly PathString Code = "/account/code";
    public static readonly PathString Recovered = "/account/recovered";
    public static readonly PathString Forgot = "/account/forgot";
    public static readonly PathString Register = "/account/register";
    public static readonly PathString SelectAccount = "/account/select";
    public static readonly PathString SignOut = "/account/logout";
    public static readonly PathString Activate = "/account/activate";
    public static readonly PathString Reset = "/account/reset";
    public static readonly PathString ConfirmEmail = "/account/email";
    public static readonly PathString NotMe = "/account/notme";
    public static readonly PathString Impersonation = "/account/impersonation";
    public static readonly PathString Deleted = "/account/deleted";
    public static readonly PathString Strength = "/account/strength";
    public static readonly PathString Manage = "/account/manage";
    public static readonly PathString ManageAuthenticator = "/account/manage/authenticator";
    public static readonly PathString ManagePassword = "/account/manage/password";
    public static readonly PathString ManageEmail = "/account/manage/email";
    public static readonly PathString ManageSessions = "/account/manage/sessions";
    public static readonly PathString ManageHistory = "/account/manage/history";
    public static readonly PathString ManageData = "/account/manage/data";
    public static readonly PathString ManagePasskeys = "/account/manage/passkeys";
    public static readonly PathString ManageApps = "/account/manage/apps";
    public static readonly PathString Consent = "/consent";
    public static readonly PathString Device = "/device";
    public static readonly PathString Development = "/development";
    public static readonly PathString Error = "/error";

    /// <summary>The sign-in endpoint of Compatibility/, which may be switched off.</summary>
    public static readonly PathString ObtainToken = "/api-token-auth";

    private static readonly PathString[] OnTheWayOfApps =
        [Authorize, EndSession, SignIn, Code, Recovered, SelectAccount, Register, Forgot, SignOut, Consent, Error];

    private static readonly PathString[] Pages = [Authorize, EndSession, Account, Consent, Device, Development, Error];

    /// <summary>All endpoints of Compatibility/.</summary>
    public static readonly PathString[] DjangoRestFrameworkJwt = [ObtainToken, "/api-token-refresh", "/api-token-verify"];

    /// <summary>True if clients, not people, read the response. Errors then have the form of RFC 6749 5.2.</summary>
    public static bool IsProtocol(this PathString path) =>
        (path.IsUnder(Connect) && !path.IsPage()) || path.IsUnder(WellKnown) || path.IsDjangoRestFrameworkJwt();

    /// <summary>True if people read the response in a browser.</summary>
    public static bool IsPage(this PathString path) => path.IsUnderAny(Pages) || path == "/";

    /// <summary>
    /// True if an app's pop-up window can pass this path. The pop-up reports to the page that opened it, and a stricter opener policy would
    /// separate the two for good.
    /// </summary>
    public static bool IsOnTheWayOfApps(this PathString path) => path.IsUnderAny(OnTheWayOfApps);

    public static bool IsDjangoRestFrameworkJwt(this PathString path) => path.IsUnderAny(DjangoRestFrameworkJwt);

    /// <summary>Ignores case and a final slash, like OpenIddict and routing.</summary>
    public static bool IsUnder(this PathString path, PathString root) => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase);

    public static bool IsUnderAny(this PathString path, PathString[] roots) => Array.Exists(roots, root => path.IsUnder(root));
}

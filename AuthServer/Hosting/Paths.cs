namespace AuthServer.Hosting;

/// <summary>Which rules a path is under.</summary>
internal static class Paths
{
    public static readonly PathString Token = "/connect/token";
    public static readonly PathString Introspection = "/connect/introspect";
    public static readonly PathString Revocation = "/connect/revoke";
    public static readonly PathString UserInfo = "/connect/userinfo";
    public static readonly PathString Connect = "/connect";
    public static readonly PathString WellKnown = "/.well-known";

    /// <summary>The sign-in of Compatibility/, which may be switched off.</summary>
    public static readonly PathString ObtainToken = "/api-token-auth";

    /// <summary>All of Compatibility/.</summary>
    public static readonly PathString[] DjangoRestFrameworkJwt = [ObtainToken, "/api-token-refresh", "/api-token-verify"];

    /// <summary>Clients, not people, read the answer: errors have the form of RFC 6749 5.2.</summary>
    public static bool IsProtocol(this PathString path) => path.IsUnder(Connect) || path.IsUnder(WellKnown) || path.IsDjangoRestFrameworkJwt();

    public static bool IsDjangoRestFrameworkJwt(this PathString path) => Array.Exists(DjangoRestFrameworkJwt, endpoint => path.IsUnder(endpoint));

    /// <summary>Without regard to case or a slash at the end, as OpenIddict and routing match.</summary>
    public static bool IsUnder(this PathString path, PathString root) => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase);
}
